// `npm run build` builds the dashboard. `--if-stale` does so only if its sources have changed since, as `npm start` needs.

import { buildDashboard, isDashboardBuilt } from './build/dashboard.ts'

const args = process.argv.slice(2)
const ifStale = args.includes('--if-stale')
if (args.some((argument) => argument !== '--if-stale')) {
  console.error('Usage: npm run build [-- --if-stale]')
  process.exitCode = 2
} else if (!ifStale || !(await isDashboardBuilt())) {
  console.error('Building the dashboard …')
  await buildDashboard()
}

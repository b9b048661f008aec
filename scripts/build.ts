// `npm run build` builds the dashboard, and the SDK as a package. `--if-stale` builds only the dashboard, and only if its
// sources have changed since, as `npm start` needs.

import { buildDashboard, isDashboardBuilt } from './build/dashboard.ts'
import { buildSdk, SDK_FOLDER } from './build/sdk.ts'

const args = process.argv.slice(2)
const ifStale = args.includes('--if-stale')
if (args.some((argument) => argument !== '--if-stale')) {
  console.error('Usage: npm run build [-- --if-stale]')
  process.exitCode = 2
} else if (!ifStale || !(await isDashboardBuilt())) {
  console.error('Building the dashboard …')
  await buildDashboard()
}
if (args.length === 0) {
  console.error('Building the SDK …')
  await buildSdk(SDK_FOLDER)
}

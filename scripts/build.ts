// `npm run build` builds the dashboard, and the SDK as a package. `--if-stale` builds only the dashboard, and only if its
// sources have changed since, as `npm start` needs.

import { buildDashboard, isDashboardBuilt } from './build/dashboard.ts'
import { buildSdk, SDK_FOLDER } from './build/sdk.ts'

async function main(args: readonly string[]): Promise<void> {
  if (args.some((argument) => argument !== '--if-stale')) {
    console.error('Usage: npm run build [-- --if-stale]')
    process.exitCode = 2
    return
  }
  const ifStale = args.length > 0
  if (!ifStale || !(await isDashboardBuilt())) {
    console.error('Building the dashboard …')
    await buildDashboard()
  }
  if (ifStale) return
  console.error('Building the SDK …')
  await buildSdk(SDK_FOLDER)
}

try {
  await main(process.argv.slice(2))
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}

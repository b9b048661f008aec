// `npm run build` builds the server, the dashboard, and the SDK and the gate as packages. `--if-stale` builds only the server and the
// dashboard, and only if their sources have changed since, as `npm start` needs.

import { DASHBOARD } from './build/dashboard.ts'
import { GATE } from './build/gate.ts'
import { buildSdk, SDK_FOLDER } from './build/sdk.ts'
import { SERVER } from './build/server.ts'

const PARTS = [
  { name: 'server', folder: SERVER },
  { name: 'dashboard', folder: DASHBOARD },
] as const

async function main(args: readonly string[]): Promise<void> {
  if (args.some((argument) => argument !== '--if-stale')) {
    console.error('Usage: npm run build [-- --if-stale]')
    process.exitCode = 2
    return
  }
  const ifStale = args.length > 0
  for (const { name, folder } of PARTS) {
    if (ifStale && (await folder.isBuilt())) continue
    console.error(`Building the ${name} …`)
    await folder.build()
  }
  if (ifStale) return
  console.error('Building the SDK …')
  await buildSdk(SDK_FOLDER)
  console.error('Building the gate …')
  await GATE.build()
}

try {
  await main(process.argv.slice(2))
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}

import { DASHBOARD } from '../../scripts/build/dashboard.ts'
import { SERVER } from '../../scripts/build/server.ts'

/** Builds the server and the dashboard before the first test of a suite that starts them, unless they are built. */
export default async function setUp(): Promise<void> {
  for (const folder of [SERVER, DASHBOARD]) if (!(await folder.isBuilt())) await folder.build()
}

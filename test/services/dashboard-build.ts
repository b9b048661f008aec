import { buildDashboard, isDashboardBuilt } from '../../scripts/build/dashboard.ts'

/** Builds the dashboard before the first test of a suite that opens it, unless it is built from these sources. */
export default async function setUp(): Promise<void> {
  if (!(await isDashboardBuilt())) await buildDashboard()
}

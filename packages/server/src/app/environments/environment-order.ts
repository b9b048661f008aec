import { ENVIRONMENTS_MAX } from '@sallyport/core'
import type { EnvironmentReader, EnvironmentRow, EnvironmentWriter } from '../../store/port/environments.ts'

/** Every environment of an organization, in promotion order. */
export async function allEnvironments(
  environments: EnvironmentReader,
  organization: string,
): Promise<readonly EnvironmentRow[]> {
  return (await environments.list(organization, { limit: ENVIRONMENTS_MAX })).items
}

/** Moves one environment to a position, or to the end, and renumbers all of them 0, 1, 2, … */
export async function moveToPosition(
  environments: EnvironmentWriter,
  organization: string,
  name: string,
  position: number,
): Promise<void> {
  const rows = await allEnvironments(environments, organization)
  const moved = rows.filter((row) => row.name === name)
  const others = rows.filter((row) => row.name !== name)
  await renumber(environments, [...others.slice(0, position), ...moved, ...others.slice(position)])
}

/** Renumbers all environments 0, 1, 2, … in their current order. */
export async function closeGaps(environments: EnvironmentWriter, organization: string): Promise<void> {
  await renumber(environments, await allEnvironments(environments, organization))
}

async function renumber(environments: EnvironmentWriter, order: readonly EnvironmentRow[]): Promise<void> {
  for (const [position, row] of order.entries()) {
    if (row.position !== position) await environments.move(row.organization, row.name, position)
  }
}

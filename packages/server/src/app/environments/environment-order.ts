import type { EnvironmentReader, EnvironmentRow, EnvironmentWriter } from '../../store/port/environments.ts'

/** The most environments of one organization. */
export const ENVIRONMENTS_MAX = 32

/** What is wrong with a place in the order of promotion, as a sentence, or undefined when it is fine. */
export function positionProblem(position: number): string | undefined {
  return Number.isInteger(position) && position >= 0 && position < ENVIRONMENTS_MAX
    ? undefined
    : `A position is 0 to ${ENVIRONMENTS_MAX - 1}.`
}

/** Every environment of an organization, in the order of promotion. */
export async function allEnvironments(
  environments: EnvironmentReader,
  organization: string,
): Promise<readonly EnvironmentRow[]> {
  return (await environments.list(organization, { limit: ENVIRONMENTS_MAX })).items
}

/** Puts one environment at its place, or at the end, and numbers all of them 0, 1, 2, … in their new order. */
export async function placeEnvironment(
  environments: EnvironmentWriter,
  organization: string,
  name: string,
  position: number,
): Promise<void> {
  const rows = await allEnvironments(environments, organization)
  const moved = rows.filter((row) => row.name === name)
  const others = rows.filter((row) => row.name !== name)
  await number(environments, [...others.slice(0, position), ...moved, ...others.slice(position)])
}

/** Numbers all environments 0, 1, 2, … in the order that they have. */
export async function closeGaps(environments: EnvironmentWriter, organization: string): Promise<void> {
  await number(environments, await allEnvironments(environments, organization))
}

async function number(environments: EnvironmentWriter, order: readonly EnvironmentRow[]): Promise<void> {
  for (const [position, row] of order.entries()) {
    if (row.position !== position) await environments.move(row.organization, row.name, position)
  }
}

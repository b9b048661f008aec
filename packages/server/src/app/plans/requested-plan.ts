import type { Reader } from '../../store/port/store.ts'
import { invalidRequest } from '../refusals.ts'

/**
 * Requires that the plan for a consumer exists in its environment; null needs none. Who may write consumers may know the plans.
 *
 * @param path where the request names it
 * @throws Problem `invalid_request`
 */
export async function requirePlan(
  { plans }: Pick<Reader, 'plans'>,
  { organization, environment }: { readonly organization: string; readonly environment: string },
  name: string | null,
  path = '/plan',
): Promise<void> {
  if (name === null || (await plans.get(organization, environment, name)) !== undefined) return
  throw invalidRequest([{ path, message: `There is no plan "${name}" in ${environment}.` }])
}

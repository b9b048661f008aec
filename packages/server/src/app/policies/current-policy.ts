import type { PolicyReader, PolicyRow } from '../../store/port/policies.ts'
import { notFound } from '../access/permission-checks.ts'

/** @throws Problem `not_found` if the environment does not exist: every environment is created with a policy */
export async function currentPolicy(
  policies: PolicyReader,
  organization: string,
  environment: string,
): Promise<PolicyRow> {
  const policy = await policies.current(organization, environment)
  if (policy === undefined) throw notFound(`environment "${environment}"`)
  return policy
}

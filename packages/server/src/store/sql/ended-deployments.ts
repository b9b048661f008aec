import type { Database } from '../database/schema.ts'

/**
 * Forgets the deployments of an environment or a pipeline, with what their probes found, so that it can be removed.
 * They are all ended, so that gateways have been told.
 */
export async function forgetDeployments(
  db: Database,
  organization: string,
  column: 'environment' | 'pipeline',
  value: string,
): Promise<void> {
  await db
    .deleteFrom('deployment_probes')
    .where('organization', '=', organization)
    .where('deployment', 'in', (eb) =>
      eb
        .selectFrom('deployments')
        .select('id')
        .where('organization', '=', organization)
        .where(column, '=', value),
    )
    .execute()
  await db
    .deleteFrom('deployments')
    .where('organization', '=', organization)
    .where(column, '=', value)
    .execute()
}

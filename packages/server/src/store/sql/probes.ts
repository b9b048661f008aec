import { toJson } from '../database/json-columns.ts'
import type { Database } from '../database/schema.ts'
import type { ProbeReader, ProbeResult, ProbeWriter } from '../port/probes.ts'
import { keptProbe } from './history/removed-pipelines.ts'

declare module '../database/schema.ts' {
  interface Schema {
    deployment_probes: DeploymentProbesTable
  }
}

interface DeploymentProbesTable {
  organization: string
  deployment: string
  checked_at: number
  results_json: string
  alarm: number
}

export function probeReader(db: Database): ProbeReader {
  return {
    async get(organization, deployment) {
      const row = await db
        .selectFrom('deployment_probes')
        .selectAll()
        .where('organization', '=', organization)
        .where('deployment', '=', deployment)
        .executeTakeFirst()
      if (row === undefined) return await keptProbe(db, organization, deployment)
      return {
        organization: row.organization,
        deployment: row.deployment,
        checkedAtMs: row.checked_at,
        results: JSON.parse(row.results_json) as readonly ProbeResult[],
        alarm: row.alarm === 1,
      }
    },
  }
}

/** Probe results are for people; gateways do not use them, so nothing here is staged. */
export function probeWriter(db: Database): ProbeWriter {
  return {
    ...probeReader(db),

    async save(row) {
      await db
        .insertInto('deployment_probes')
        .values({
          organization: row.organization,
          deployment: row.deployment,
          checked_at: row.checkedAtMs,
          results_json: toJson(row.results),
          alarm: row.alarm ? 1 : 0,
        })
        .onConflict((conflict) =>
          conflict.columns(['organization', 'deployment']).doUpdateSet((eb) => ({
            checked_at: eb.ref('excluded.checked_at'),
            results_json: eb.ref('excluded.results_json'),
            alarm: eb.ref('excluded.alarm'),
          })),
        )
        .execute()
    },
  }
}

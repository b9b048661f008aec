import type { UsageRow } from '../../port/usage.ts'

/*
 * Counts as one short text. The facts of a deployment are in it once, however many keys have called it: with them in each row,
 * the text is three times as long and takes three times as long to read.
 */

type Facts = readonly [
  organization: string,
  environment: string,
  project: string,
  pipeline: string,
  version: string,
  code: string,
]

type LoggedRow = readonly [
  facts: number,
  keyId: UsageRow['keyId'],
  secretSequence: number,
  isExternal: 0 | 1,
  consumer: string | null,
  minuteMs: number,
  requests: number,
  lastUsedAtMs: number,
  lastUsedAddress: string | null,
  sources: UsageRow['sources'],
]

interface Logged {
  readonly facts: readonly Facts[]
  readonly rows: readonly LoggedRow[]
}

export function rowsAsText(rows: readonly UsageRow[]): string {
  const facts: Facts[] = []
  const places = new Map<string, number>()
  const logged = rows.map((row): LoggedRow => {
    const { organization, environment, project, pipeline, version, code } = row
    const name = `${organization} ${environment} ${project} ${pipeline} ${version} ${code}`
    let place = places.get(name)
    if (place === undefined) {
      place = facts.push([organization, environment, project, pipeline, version, code]) - 1
      places.set(name, place)
    }
    return [
      place,
      row.keyId,
      row.secretSequence,
      row.isExternal ? 1 : 0,
      row.consumer,
      row.minuteMs,
      row.requests,
      row.lastUsedAtMs,
      row.lastUsedAddress,
      row.sources,
    ]
  })
  return JSON.stringify({ facts, rows: logged } satisfies Logged)
}

/** @param text made by `rowsAsText` */
export function rowsOfText(text: string): UsageRow[] {
  const { facts, rows } = JSON.parse(text) as Logged
  return rows.map(
    ([
      place,
      keyId,
      secretSequence,
      isExternal,
      consumer,
      minuteMs,
      requests,
      lastUsedAtMs,
      lastUsedAddress,
      sources,
    ]) => {
      const [organization, environment, project, pipeline, version, code] = facts[place] as Facts
      return {
        organization,
        environment,
        project,
        pipeline,
        version,
        code,
        consumer,
        keyId,
        secretSequence,
        isExternal: isExternal === 1,
        minuteMs,
        requests,
        lastUsedAtMs,
        lastUsedAddress,
        sources,
      }
    },
  )
}

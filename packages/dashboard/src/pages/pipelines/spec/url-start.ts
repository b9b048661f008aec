import { isMembers, memberOf } from '../schema/walk.ts'

/** What a URL begins with; a placeholder may stand for all of it. */
const BEGINNINGS = ['http://', 'https://', '{'] as const

/** Whether a text is the URL of an upstream, or may become one while it is typed. The gate decides. */
export function mayBeUrl(text: string): boolean {
  return BEGINNINGS.some((beginning) => text.startsWith(beginning) || beginning.startsWith(text))
}

/** Whether a text begins as the URL of an upstream does. */
export function startsLikeUrl(text: string): boolean {
  return BEGINNINGS.some((beginning) => text.startsWith(beginning) && text.length > beginning.length)
}

/** The places of the URLs in a spec that the gate would refuse in each environment, as JSON Pointers (RFC 6901). */
export function wrongUrls(spec: unknown): readonly string[] {
  const steps = memberOf(spec, 'steps')
  if (!Array.isArray(steps)) return []
  return steps.flatMap((step: unknown, index) =>
    Object.entries(isMembers(step) ? step : {}).flatMap(([kind, fields]) =>
      ['url', 'tokenUrl']
        .filter((name) => {
          const url = memberOf(fields, name)
          return typeof url === 'string' && !mayBeUrl(url)
        })
        .map((name) => `/steps/${index}/${kind}/${name}`),
    ),
  )
}

import { compare } from '../contest.ts'
import { KEYS_SMALL } from '../settings.ts'
import { strangerRequest, wayInRequests } from '../synthetic/requests.ts'
import type { WayIn } from '../synthetic/ways-in.ts'
import { startGateway } from './authz.ts'
import type { Row } from './row.ts'

/** A repeated JWT should cost about what an API key costs. */
const REPEATED_JWT_TARGET = 0.7

/** `/authz` by one of the ways in, against the same gateway asked by API key. */
export function wayInRow(way: Exclude<WayIn, 'api-key'>): Row {
  const name = `authz, ${way}/API key`
  return {
    name,
    async measure(settings) {
      await using server = await startGateway(KEYS_SMALL, settings)
      const contestant = (by: WayIn, title: string) => ({
        name: title,
        server,
        requests: wayInRequests(by),
        refused: strangerRequest(by),
      })
      const contest = {
        name,
        ours: contestant(way, `Sallyport /authz, ${way}`),
        theirs: contestant('api-key', 'Sallyport /authz, API key'),
        ...(way === 'repeated JWT' ? { target: REPEATED_JWT_TARGET } : {}),
      }
      return [await compare(contest, settings)]
    },
  }
}

import { compare } from '../compare.ts'
import { startGateway } from '../product.ts'
import { KEYS_SMALL } from '../settings.ts'
import { anonymousRequest, authVariantRequests } from '../synthetic/requests.ts'
import type { AuthVariant } from '../synthetic/auth-variants.ts'
import type { Row } from './row.ts'

/** The throughput with a repeated JWT, relative to an API key. */
const REPEATED_JWT_TARGET = 0.7

/** `/authz` with another kind of credentials or route, compared with an API key at the same gateway. */
export function authVariantRow(variant: Exclude<AuthVariant, 'api-key'>): Row {
  const name = `authz, ${variant}/API key`
  return {
    name,
    async measure(settings) {
      await using server = await startGateway(KEYS_SMALL, settings)
      const candidate = (by: AuthVariant, title: string) => ({
        name: title,
        server,
        requests: authVariantRequests(by),
        refused: anonymousRequest(by),
      })
      const contest = {
        name,
        ours: candidate(variant, `Sallyport /authz, ${variant}`),
        theirs: candidate('api-key', 'Sallyport /authz, API key'),
        ...(variant === 'repeated JWT' ? { target: REPEATED_JWT_TARGET } : {}),
      }
      return [await compare(contest, settings)]
    },
  }
}

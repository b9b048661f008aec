import type { DecidedRequest } from '@sallyport/sdk'
import type { Remedy } from '../../texts/shared/refusals.ts'
import { t } from '../../texts/texts.ts'
import { isRefusalCode, REFUSED_AT } from './outcome.ts'

/** Why a request ended with a code, and what to do about it. */
export function remedyOf(code: string): Remedy {
  return t.refusals[code] ?? t.ownRefusal
}

/** Where a refusal can be corrected. */
export type Place = 'key' | 'consumer' | 'pipeline'

const PLACES: Readonly<Record<(typeof REFUSED_AT)[keyof typeof REFUSED_AT], readonly Place[]>> = {
  route: ['pipeline'],
  entry: ['pipeline'],
  apiKey: ['consumer'],
  state: ['key'],
  environment: ['key'],
  address: ['key'],
  association: ['consumer', 'key'],
  basic: ['consumer'],
  jwt: ['pipeline', 'key'],
  limits: ['key', 'pipeline'],
}

/** Where a request's refusal can be corrected, the likeliest place first. */
export function placesOf({ code }: Pick<DecidedRequest, 'code'>): readonly Place[] {
  return isRefusalCode(code) ? PLACES[REFUSED_AT[code]] : ['pipeline']
}

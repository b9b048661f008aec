import type { PageRequest } from '../store/port/paging.ts'
import { invalidRequest } from './refusals.ts'

/** The most things of one page. */
const PAGE_LIMIT_MAX = 200

/**
 * The page that is asked for, without what else the input holds.
 *
 * @throws Problem `invalid_request` for a limit that is not 1 to `PAGE_LIMIT_MAX`
 */
export function requestedPage({ limit, cursor }: PageRequest): PageRequest {
  if (!Number.isInteger(limit) || limit < 1 || limit > PAGE_LIMIT_MAX) {
    throw invalidRequest([{ path: '/limit', message: `A limit is 1 to ${PAGE_LIMIT_MAX}.` }])
  }
  return { limit, cursor }
}

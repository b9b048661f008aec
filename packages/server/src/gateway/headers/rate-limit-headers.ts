import { WINDOW_MS, type RateBudget } from '@sallyport/core'

const SECOND_MS = 1000

/**
 * Appends `RateLimit-Policy` and `RateLimit` (draft-ietf-httpapi-ratelimit-headers-10), one item per limit:
 *
 *     RateLimit-Policy: "consumer-minute";q=100;w=60, "key-day";q=5000;w=86400
 *     RateLimit: "consumer-minute";r=99;t=1, "key-day";r=4999;t=18
 *
 * `w` is the window in seconds, `r` the requests available now, and `t` the seconds, rounded up, until the full quota is
 * available again. An item with `sallyport-alone` was counted by this gateway alone, because the store that gateways share
 * did not answer: another gateway may answer with more or less. Recipients ignore parameters that they do not know
 * (RFC 9651 section 2).
 */
export function appendRateLimits(headers: string[], budgets: readonly RateBudget[]): void {
  if (budgets.length === 0) return
  let policy = ''
  let state = ''
  for (const budget of budgets) {
    const { limit, remaining, resetAfterMs } = budget
    const separator = policy === '' ? '' : ', '
    const name = nameOf(budget)
    policy += `${separator}"${name}";q=${limit.requests};w=${WINDOW_MS[limit.per] / SECOND_MS}`
    state += `${separator}"${name}";r=${remaining};t=${Math.ceil(resetAfterMs / SECOND_MS)}`
    if (budget.isCountedAlone === true) state += ';sallyport-alone'
  }
  headers.push('ratelimit-policy', policy, 'ratelimit', state)
}

/** Unique, since a pipeline has at most one limit per window and counting subject, and a plan one per window and scope. */
function nameOf(budget: RateBudget): string {
  return `${counted(budget)}-${budget.limit.per}`
}

function counted(budget: RateBudget): string {
  if (budget.of === 'pipeline') return budget.limit.by
  return budget.of === 'plan' && budget.limit.scope === 'pipeline' ? 'plan-pipeline' : budget.of
}

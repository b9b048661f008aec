import {
  USAGE_INTERVALS,
  type UsageFilter,
  type UsageGroup,
  type UsageInterval,
  type UsageSum,
} from '../../store/port/usage.ts'
import type { Page, PageRequest } from '../../store/port/pages/paging.ts'
import type { OperationContext } from '../access/context.ts'
import { requireKnown } from '../access/known-filters.ts'
import { visibleScopes } from '../access/permission-checks.ts'
import { type FieldError, requireNone } from '../refusals.ts'

/** The intervals of a period at most: two days of minutes, a hundred days of hours, eight years of days. */
const INTERVALS_MAX = 3000
/** The intervals of a period of which only the end is known: an hour, a day, and thirty days. */
const INTERVALS_DEFAULT: Readonly<Record<UsageInterval, number>> = { minute: 60, hour: 24, day: 30 }

export interface ReadUsageInput extends PageRequest, UsageFilter {
  readonly organization: string
  readonly groupBy?: UsageGroup | undefined
  readonly interval: UsageInterval
  /** In ms since 1970; the interval that it is in counts whole. Default: some intervals before the end. */
  readonly from?: number | undefined
  /** In ms since 1970; the interval that it is in counts whole. Default: now. */
  readonly to?: number | undefined
}

/**
 * Sums up the requests to the pipelines that the actor may see the usage of, by time and then by group.
 *
 * @throws Problem `invalid_request` when the period is empty or has too many intervals
 */
export async function readUsage(
  context: OperationContext,
  { organization, from, to, ...input }: ReadUsageInput,
): Promise<Page<UsageSum>> {
  const visible = visibleScopes(context, organization, 'usage.read', ['environment', 'project', 'pipeline'])
  const length = USAGE_INTERVALS[input.interval]
  const toMs = Math.ceil((to ?? context.nowMs() + 1) / length) * length
  const fromMs =
    from === undefined
      ? toMs - INTERVALS_DEFAULT[input.interval] * length
      : Math.floor(from / length) * length
  requireNone(errorsOf(input, (toMs - fromMs) / length))
  const page = await context.store.read.usage.sums(organization, { ...input, fromMs, toMs, visible })
  if (page.items.length === 0) {
    const { environment, project, pipeline, consumer, key } = input
    const named = { environment, project, pipeline, consumer, key }
    await requireKnown(context, organization, 'usage.read', named)
  }
  return page
}

function errorsOf(
  { groupBy, key, interval }: Pick<ReadUsageInput, 'groupBy' | 'key' | 'interval'>,
  intervals: number,
): FieldError[] {
  const errors: FieldError[] = []
  if (intervals <= 0)
    errors.push({ path: 'query/from', message: 'The period is empty. Use a `from` before `to`.' })
  if (intervals > INTERVALS_MAX) {
    errors.push({
      path: 'query/from',
      message: `The period has ${intervals} intervals (${interval}s), and a request can have ${INTERVALS_MAX}. Use a shorter period or longer intervals.`,
    })
  }
  if (groupBy === 'consumer' && key !== undefined) {
    errors.push({
      path: 'query/groupBy',
      message: 'A key belongs to one consumer. Leave out `key`, or group by something else.',
    })
  }
  return errors
}

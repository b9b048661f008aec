import type { z } from 'zod'
import type { usageSum } from '../../contract/usage/usage.ts'
import type { UsageSum } from '../../store/port/usage.ts'
import { timestampAnswer } from './timestamp.ts'

/** A sum of requests in a response. */
export function usageSumAnswer({ group, atMs, requests, allowed }: UsageSum): z.input<typeof usageSum> {
  return { group, at: timestampAnswer(atMs), requests, allowed, refused: requests - allowed }
}

import { Problem } from '@sallyport/core'
import { describe, expect, test } from 'vitest'
import { usageRow } from '../../store/testing/examples/usage.ts'
import type { UsageRow } from '../../store/port/usage.ts'
import type { NodeFunctions } from '../stream/stream-functions.ts'
import { checkedFunctions } from './checked-functions.ts'

/** Reports counts as a gateway does. @returns whether the node takes them */
async function takes(more: Partial<UsageRow>): Promise<boolean> {
  const taken: (readonly UsageRow[])[] = []
  const functions = checkedFunctions({
    addUsage: async (rows: readonly UsageRow[]) => void taken.push(await Promise.resolve(rows)),
  } as Partial<NodeFunctions> as NodeFunctions)
  try {
    await functions.addUsage([usageRow(more)])
  } catch (error) {
    if (!(error instanceof Problem && error.code === 'invalid_request')) throw error
  }
  return taken.length === 1
}

describe('a node', () => {
  test.each<Partial<UsageRow>>([
    {},
    { keyId: 'key_0000000000000001', requests: 2 ** 40, lastUsedAddress: '192.0.2.1' },
    { keyId: 'key_\u00e4\u{1f600}', consumer: '\u{1f600}' },
  ])('takes the counts %j', async (more) => {
    expect(await takes(more)).toBe(true)
  })

  // A database refuses them only when it adds them up, which keeps the counts of other gateways from it.
  test.each<Partial<UsageRow>>([
    { organization: 'ac\u0000me' },
    { keyId: 'key_\u0000' },
    { keyId: 'key_\ud800' },
    { consumer: '\udc00con' },
    { requests: 2 ** 40 + 1 },
    { requests: -1 },
    { sources: [{ address: null, userAgent: '\u0000', requests: 1, lastUsedAtMs: 1 }] },
  ])('refuses the counts %j', async (more) => {
    expect(await takes(more)).toBe(false)
  })
})

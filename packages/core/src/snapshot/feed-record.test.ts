import { describe, expect, test } from 'vitest'
import { type FeedRecord, recordIdentity, recordKey } from './feed-record.ts'
import { RECORD_KINDS } from './record-kinds.ts'

describe('recordKey and recordIdentity', () => {
  test.each<[FeedRecord, { organization: string; id: string }, string]>([
    [{ kind: 'organization', slug: 'acme' }, { organization: 'acme', id: 'acme' }, 'organization acme acme'],
    [
      { kind: 'environment', organization: 'acme', name: 'test' },
      { organization: 'acme', id: 'test' },
      'environment acme test',
    ],
    [
      { kind: 'role', organization: 'acme', name: 'caller', grants: [] },
      { organization: 'acme', id: 'caller' },
      'role acme caller',
    ],
    [
      {
        kind: 'consumer',
        organization: 'acme',
        id: 'con_1',
        name: 'mobile',
        environment: 'test',
        active: true,
        pipelines: [],
      },
      { organization: 'acme', id: 'con_1' },
      'consumer acme con_1',
    ],
    [
      { kind: 'removed', of: 'environment', organization: 'acme', id: 'test' },
      { organization: 'acme', id: 'test' },
      'environment acme test',
    ],
  ])('name the entity of %j', (record, { organization, id }, identity) => {
    expect(recordKey(record)).toMatchObject({ organization, id })
    expect(recordIdentity(record)).toBe(identity)
  })
})

test('organizations and keys are the only kinds that cannot be removed', () => {
  const permanent = Object.entries(RECORD_KINDS).filter(([, kind]) => !('remove' in kind))
  expect(permanent.map(([name]) => name)).toEqual(['organization', 'key'])
})

import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { AUDIT_EXPORT_FORMS } from '../../control/answers/audit-export.ts'
import { chainAuditEntry } from '../../store/audit/audit-chain.ts'
import { publicKeyFingerprint, signCheckpoint } from '../../store/audit/audit-checkpoint.ts'
import type { AuditFilter, AuditRow } from '../../store/port/audit-events.ts'
import { linesOf } from './export-lines.ts'
import { readKey, type Verdict, verifyExport } from './verify-export.ts'

const AT_MS = 1_767_225_600_000
const KEYS = generateKeyPairSync('ed25519')
const OTHER_KEYS = generateKeyPairSync('ed25519')
const PEM = KEYS.publicKey.export({ type: 'spki', format: 'pem' })

const OWN_EVENT = { action: 'audit.export', after: { format: 'application/x-ndjson', export: 'exp_1' } }

/** A chain with texts that could confuse a reader of lines. It ends with an export of the whole log. */
function chainOf(count: number, organization = 'acme', actor = 'key_a'): AuditRow[] {
  const rows: AuditRow[] = []
  for (let index = 0; index < count; index += 1) {
    const after = {
      2: 'b',
      1: 'a',
      text: '\u2028 "quoted"\n\ttab é😀',
      ['__proto__']: index,
      number: -0.5e-7,
    }
    const entry = {
      organization,
      atMs: AT_MS + index,
      actor,
      action: 'keys.update',
      target: `key/${index}`,
      before: null,
      after,
      ...(index === count - 1 ? OWN_EVENT : {}),
    }
    rows.push(chainAuditEntry(entry, rows.at(-1)))
  }
  return rows
}

const signed = (row: AuditRow, privateKey = KEYS.privateKey) =>
  signCheckpoint(
    { organization: row.organization, sequence: row.sequence, hash: row.hash, atMs: AT_MS },
    privateKey,
  )

/** The text of an export, as the server writes it, in two batches. */
async function exportText(
  rows: readonly AuditRow[],
  {
    filter = {},
    earlier = [],
    privateKey = KEYS.privateKey,
    head = rows.at(-1),
    form = 0,
  }: {
    readonly filter?: AuditFilter
    readonly earlier?: readonly AuditRow[]
    readonly privateKey?: typeof KEYS.privateKey
    readonly head?: AuditRow | undefined
    readonly form?: number
  } = {},
): Promise<string> {
  const checkpoints = earlier.map((row) => signed(row, privateKey))
  if (head === undefined) throw new Error('an export has an event')
  async function* batches() {
    yield await Promise.resolve({ rows: rows.slice(0, 2), checkpoints })
    yield { rows: rows.slice(2), checkpoints }
  }
  const publicKey = createPublicKey(privateKey).export({ type: 'spki', format: 'pem' })
  const exported = {
    atMs: AT_MS,
    organization: 'acme',
    filter,
    checkpoint: signed(head, privateKey),
    publicKey,
    batches: batches(),
  }
  let text = ''
  for await (const part of AUDIT_EXPORT_FORMS[form]?.write(exported) ?? []) text += part
  return text
}

/** Verifies a text that arrives in small pieces. */
async function verify(
  text: string | Uint8Array,
  given?: typeof KEYS.publicKey,
  size = 1000,
): Promise<Verdict> {
  const bytes = Buffer.from(text as string)
  async function* pieces() {
    for (let start = 0; start < bytes.length; start += size)
      yield await Promise.resolve(bytes.subarray(start, start + size))
  }
  return await verifyExport(linesOf(pieces()), given)
}

const CHAIN = chainOf(6)
const earlier = CHAIN.slice(1, 4)
const GENUINE = await exportText(CHAIN, { earlier })
/** Events at 0, 1, 3, 5, 7 and 8; checkpoints at 2, 4, 6 and 9. */
const LINES = GENUINE.slice(0, -1).split('\n')

const joined = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('')
const EVENT_5 = LINES[7] ?? ''
const LAST = LINES[9] ?? ''

/** The lines with the given ones in place of those from one index on. */
const spliced = (start: number, count: number, ...lines: string[]): string =>
  joined(LINES.toSpliced(start, count, ...lines))

describe('a whole export', () => {
  test.for([1, 3, 7, 100_000])('is intact, in pieces of %i bytes', async (size) => {
    const intact = {
      kind: 'intact',
      organization: 'acme',
      events: 6,
      checkpoints: 4,
      signedAtMs: AT_MS,
      fingerprint: publicKeyFingerprint(KEYS.publicKey),
    }
    expect(await verify(GENUINE, undefined, size)).toEqual(intact)
    expect(await verify(GENUINE, KEYS.publicKey, size)).toEqual(intact)
  })

  test.for([
    [
      'an altered event',
      spliced(7, 1, EVENT_5.replace('keys.update', 'keys.create')),
      'Event 5, after event 4, was altered',
    ],
    [
      'an altered time',
      spliced(7, 1, EVENT_5.replace('00.004Z', '00.005Z')),
      'Event 5, after event 4, was altered',
    ],
    [
      'another spelling of a time',
      spliced(7, 1, EVENT_5.replace('00.004Z', '00.0040Z')),
      'is not as Sallyport writes it',
    ],
    [
      'a second spelling of a member',
      spliced(7, 1, EVENT_5.replace('"actor"', '"actor":"x","actor"')),
      'Line 8, after event 4',
    ],
    ['a space', spliced(7, 1, `${EVENT_5} `), 'Line 8, after event 4'],
    ['a line break of Windows', GENUINE.replaceAll('\n', '\r\n'), 'no NDJSON export'],
    ['a removed event', spliced(7, 1), 'Event 5 is missing.'],
    ['a removed first event', spliced(0, 1), 'Event 1 is missing.'],
    ['removed events at the end', spliced(7, 2), 'Events 5 to 6 are missing.'],
    ['a repeated event', spliced(7, 0, EVENT_5), 'Event 5 was added or moved: it comes after event 5.'],
    [
      'exchanged events',
      spliced(7, 2, LINES[8] ?? '', EVENT_5),
      'Event 5 was added or moved: it comes after event 6.',
    ],
    [
      'a missing last checkpoint',
      joined(LINES.slice(0, -1)),
      'cut off after event 6: its last checkpoint is missing',
    ],
    ['a cut last line', GENUINE.slice(0, -1), 'The file is cut off in line 10, after event 6'],
    [
      'a cut event',
      joined(LINES.slice(0, 7)) + EVENT_5.slice(0, 90),
      'The file is cut off in line 8, after event 4',
    ],
    ['an empty line', spliced(7, 0, ''), 'Line 8, after event 4, is not as Sallyport writes it'],
    ['a line after the end', `${GENUINE}${EVENT_5}\n`, 'Line 11 was added after the last checkpoint'],
    [
      'a forged signature',
      spliced(
        9,
        1,
        LAST.replace(
          /("signature":")(.)/,
          (_, start: string, first: string) => start + (first === 'A' ? 'B' : 'A'),
        ),
      ),
      'The checkpoint of event 6 is forged',
    ],
    [
      'a checkpoint of another event',
      spliced(9, 1, LAST.replace('"sequence":6', '"sequence":5')),
      'The checkpoint of event 5 is forged',
    ],
    [
      'a moved checkpoint',
      joined([...LINES.slice(0, 2), ...LINES.slice(3, 4), LINES[2] ?? '', ...LINES.slice(4)]),
      'Events 3 to 3 were added after the checkpoint of event 2',
    ],
    [
      'an altered number of events',
      spliced(9, 1, LAST.replace('"events":6', '"events":7')),
      'The export had 7 events, and the file has 6',
    ],
    [
      'bytes that are no text',
      Buffer.concat([Buffer.from(spliced(7, 3)), Buffer.from([0xff, 10])]),
      'Line 8 is not UTF-8',
    ],
    ['an added mark of byte order', `\ufeff${GENUINE}`, 'no NDJSON export'],
    ['nothing', '', 'cut off after the beginning'],
  ] as const)('shows %s', async ([, text, reason]) => {
    const verdict = await verify(text)
    expect(verdict.kind).not.toBe('intact')
    expect(verdict).toMatchObject({ reason: expect.stringContaining(reason) as string })
  })

  test('shows that it was cut off at an earlier checkpoint, which became the last line', async () => {
    const claim = (checkpoint = '', events = 0): string =>
      checkpoint.replace(/}$/, `,"export":{"events":${events},"filter":null}}`)
    for (const [index, events] of [
      [2, 2],
      [4, 3],
      [6, 4],
    ] as const) {
      expect(await verify(spliced(index, Infinity, claim(LINES[index], events)), KEYS.publicKey)).toEqual({
        kind: 'broken',
        reason: `The file is cut off after event ${events}, at an earlier checkpoint: a whole export ends with its own event.`,
      })
    }
  })

  test.for([
    { ...OWN_EVENT, action: 'audit.exports' },
    { ...OWN_EVENT, after: { ...OWN_EVENT.after, format: 'text/csv' } },
    { ...OWN_EVENT, after: { ...OWN_EVENT.after, actor: 'key_a' } },
    { ...OWN_EVENT, after: { format: OWN_EVENT.after.format } },
    { ...OWN_EVENT, after: null },
  ])('ends with the event of a whole export in this form, and not with %j', async (own) => {
    const [first] = CHAIN
    if (first === undefined) throw new Error('the chain has an event')
    const { sequence: _, previousHash: __, hash: ___, ...entry } = first
    const rows = [first, chainAuditEntry({ ...entry, ...own }, first)]
    expect((await verify(await exportText(rows))).kind).toBe('broken')
    const ended = [first, chainAuditEntry({ ...entry, ...OWN_EVENT }, first)]
    expect((await verify(await exportText(ended))).kind).toBe('intact')
  })

  test('shows a history that was written anew, together with its hashes, by the checkpoints', async () => {
    const anew = chainOf(6, 'acme', 'key_b')
    const last = LINES.at(-1) ?? ''
    const own = (await exportText(anew)).split('\n').slice(0, 6)
    expect(await verify(joined([...own, last]))).toMatchObject({
      kind: 'broken',
      reason: expect.stringContaining('Event 6 is not the one that the checkpoint signed') as string,
    })
    const tail = joined([...LINES.slice(0, 7), ...own.slice(4), last])
    expect(await verify(tail)).toMatchObject({
      kind: 'broken',
      reason: expect.stringContaining('Event 5 does not follow the event before it') as string,
    })
    const ownEarlier = await exportText(anew, { earlier: earlier.slice(0, 1) })
    expect(await verify(ownEarlier)).toMatchObject({
      reason: expect.stringContaining('Event 2 is not the one') as string,
    })
  })

  test('must be signed with the given key, and with one key throughout', async () => {
    expect(await verify(GENUINE, OTHER_KEYS.publicKey)).toMatchObject({
      kind: 'broken',
      reason: 'The checkpoint of event 2 was not signed with the given key.',
    })
    const forged = (await exportText(CHAIN, { privateKey: OTHER_KEYS.privateKey })).split('\n').at(-2) ?? ''
    expect(await verify(spliced(9, 1, forged))).toMatchObject({ kind: 'broken' })
    expect(await verify(joined([...LINES.slice(0, 1), forged]))).toMatchObject({ kind: 'broken' })
  })

  test('has events of one organization', async () => {
    const foreign = (await exportText(chainOf(6, 'rival'))).split('\n')
    expect(await verify(spliced(7, 1, foreign[4] ?? ''))).toMatchObject({
      reason: 'Event 5, after event 4, belongs to another organization, rival.',
    })
    expect(await verify(spliced(9, 1, foreign[6] ?? ''))).toMatchObject({
      reason: 'The checkpoint of event 6 belongs to another organization, rival.',
    })
  })

  test('is never intact after any change of its bytes or lines', async () => {
    const change = fc.oneof(
      fc
        .record({
          at: fc.nat(GENUINE.length - 1),
          with: fc.constantFrom('0', 'a', '"', '}', '{', '1', ' ', '\n', '\\', ','),
        })
        .map(({ at, with: char }) => GENUINE.slice(0, at) + char + GENUINE.slice(at + 1)),
      fc.nat(GENUINE.length - 1).map((length) => GENUINE.slice(0, length)),
      fc.tuple(fc.nat(LINES.length - 1), fc.nat(LINES.length - 1)).map(([from, to]) => {
        const line = LINES[from] ?? ''
        return joined(LINES.toSpliced(from, 1).toSpliced(to, 0, line))
      }),
      fc
        .tuple(fc.nat(LINES.length - 1), fc.nat(LINES.length - 1))
        .map(([from, to]) => joined(LINES.toSpliced(to, 0, LINES[from] ?? ''))),
    )
    await fc.assert(
      fc.asyncProperty(change, async (text) => {
        fc.pre(text !== GENUINE)
        // The same text in another JSON or Base64 form would be another text, so nothing else is intact.
        expect((await verify(text)).kind).not.toBe('intact')
      }),
      { numRuns: 1500 },
    )
  })
})

describe('a filtered export', () => {
  test('is not verified as a chain, and says so', async () => {
    const text = await exportText([CHAIN[0], CHAIN[2], CHAIN[5]] as AuditRow[], {
      filter: { action: 'keys.*' },
      head: CHAIN[5],
    })
    expect(await verify(text)).toEqual({
      kind: 'unverifiable',
      reason:
        'The export has a filter, {"action":"keys.*"}, so it cannot show whether events are missing. ' +
        'The 3 events in it have their own hashes, and the checkpoint is genuine. Export the log without a filter.',
    })
    expect(await verify(text.replace('keys.update', 'keys.create'))).toMatchObject({ kind: 'broken' })
    expect(await verify(text.replace('"filter":{"action":"keys.*"}', '"filter":null'))).toMatchObject({
      kind: 'broken',
      reason: 'Event 2 is missing.',
    })
  })

  test('is what a whole one with a filter added looks like, and not more', async () => {
    const claimed = LAST.replace('"filter":null', '"filter":{"actor":"x"}')
    expect(await verify(spliced(9, 1, claimed))).toMatchObject({ kind: 'unverifiable' })
    expect(await verify(spliced(9, 1, claimed), OTHER_KEYS.publicKey)).toMatchObject({ kind: 'broken' })
  })
})

test('a CSV export cannot be verified', async () => {
  expect(await verify(await exportText(CHAIN, { form: 1 }))).toMatchObject({
    kind: 'unverifiable',
    reason: expect.stringContaining('CSV') as string,
  })
})

test('a key is an Ed25519 key as PEM', () => {
  expect(readKey(PEM)?.equals(KEYS.publicKey)).toBe(true)
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  for (const text of ['', 'x', PEM.slice(0, 60), publicKey.export({ type: 'spki', format: 'pem' })]) {
    expect(readKey(text)).toBeUndefined()
  }
})

import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { followReceipt, type GatewayState } from './follow-receipt.ts'

const RECEIPT = {
  revision: 7,
  confirmed: false,
  gateways: [
    { id: 'gw_a', confirmed: true },
    { id: 'gw_b', confirmed: false },
    { id: 'gw_c', confirmed: false },
  ],
  elapsedMs: 1,
}
const A = gateway('gw_a', { revision: 0, stale: true })
const B = gateway('gw_b', { name: 'eu-1' })
const C = gateway('gw_c')

function gateway(id: string, more: Partial<GatewayState> = {}): GatewayState {
  return { id, name: null, revision: 7, stale: false, attached: true, ...more }
}

/** What a person is told while the gateways answer with one state after the other, the last one again and again. */
async function told(
  answers: readonly (readonly GatewayState[])[],
  {
    columns,
    seconds = 60,
    confirmed = false,
  }: { columns?: number; seconds?: number; confirmed?: boolean } = {},
): Promise<{ readonly notes: string; readonly error: unknown }> {
  const stream = new PassThrough()
  const notes = Object.assign(stream, columns === undefined ? {} : { isTTY: true, columns })
  const terminal = { notes } as unknown as Parameters<typeof followReceipt>[0]
  const left = [...answers]
  const read = async (): Promise<readonly GatewayState[]> => (left.length > 1 ? left.shift() : left[0]) ?? []
  const error: unknown = await followReceipt(terminal, read, { ...RECEIPT, confirmed }, seconds).catch(
    (thrown: unknown) => thrown,
  )
  stream.end()
  return { notes: (await text(stream)).replaceAll(/\d+ ms/g, 'N ms'), error }
}

test('a change that is in force at once is not asked about', async () => {
  const { notes, error } = await told([], { confirmed: true })
  expect([notes, error]).toEqual(['In force on all 3 gateways after N ms (revision 7).\n', undefined])
})

test('in a pipe, each step has a line', async () => {
  const behind = { ...B, revision: 6 }
  const { notes, error } = await told([
    [A, behind, C],
    [A, behind, C],
    [A, B, C],
  ])
  expect(error).toBeUndefined()
  expect(notes.split('\n')).toEqual([
    'Revision 7: in force on 1 of 3 gateways; waiting for gw_b, gw_c',
    'Revision 7: in force on 2 of 3 gateways; waiting for eu-1',
    'In force on all 3 gateways after N ms (revision 7).',
    '',
  ])
})

test('on a terminal, one line is written again', async () => {
  const { notes } = await told([[A, B, C]], { columns: 80 })
  expect(notes).toBe(
    '\r\u001B[KRevision 7: in force on 1 of 3 gateways; waiting for gw_b, gw_c' +
      '\r\u001B[KIn force on all 3 gateways after N ms (revision 7).\n',
  )
})

test('a gateway that left, or never decided anything, is not waited for', async () => {
  const { error } = await told([[B, gateway('gw_d', { revision: 0, attached: false })]])
  expect(error).toBeUndefined()
})

test.each([{ stale: true }, { revision: 6 }])('a gateway with %j is waited for', async (more) => {
  const { error } = await told([[A, { ...B, ...more }, C]], { seconds: 0.5 })
  expect(error).toHaveProperty(
    'message',
    'Saved as revision 7, but not in force everywhere after 0.5 s: waiting for eu-1.',
  )
})

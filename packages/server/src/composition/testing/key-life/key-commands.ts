import fc, { type AsyncCommand } from 'fast-check'
import { expect } from 'vitest'
import { textOf, type Answer } from '../../../control/testing/control-world.ts'
import type { Code, KeyModel } from './key-model.ts'
import type { KeyWorld } from './key-world.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
/** The secrets that each command is followed by calls with: the newest ones, and one that the key may have forgotten. */
const CHECKED_MAX = 4

/** The real thing that a model describes. */
export interface RealLife {
  readonly world: KeyWorld
  readonly keyId: string
}

/** Does one thing to the model and to the real key. @returns how it ended in the model, and in reality */
type Act = (model: KeyModel, real: RealLife) => Promise<readonly [expected: Code, found: Code]>

const SELF = '/v1/keys/self'

function pathOf({ keyId }: RealLife): string {
  return `/v1/organizations/acme/keys/${keyId}`
}

function codeOf({ status, body }: Answer): Code {
  return status < 300 ? 'valid' : textOf(body['code'])
}

/** The secret that a command acts with: 0 is the newest. */
function tokenAt(model: KeyModel, index: number): string {
  return model.tokens.at(-1 - (index % model.tokens.length)) ?? ''
}

/** How something that the key does itself ends. */
function bySelf(model: KeyModel, token: string, act: () => Code): Code {
  return model.verdict(token) === 'valid' ? act() : 'unauthenticated'
}

async function roll(
  model: KeyModel,
  { world }: RealLife,
  request: {
    readonly path: string
    readonly token?: string
    readonly expected: Code
    readonly graceSeconds: number
  },
): Promise<readonly [Code, Code]> {
  const { path, token, expected, graceSeconds } = request
  const answer = await world.change('POST', path, { graceSeconds }, token)
  const found = codeOf(answer)
  if (found === 'valid') model.rolled(textOf(answer.body['token']), graceSeconds * 1000)
  return [expected, found]
}

const graceSeconds = fc.constantFrom(0, 1, 3600, 12 * 3600, 30 * 86_400)
const age = fc.constantFrom(0, 0, 0, 1, 2)

/** A kind of command: its arguments, and what it does. */
type Kind = fc.Arbitrary<{ readonly name: string; readonly act: Act }>

const OFTEN: readonly Kind[] = [
  graceSeconds.map((grace) => ({
    name: `roll(${grace} s)`,
    act: (model, real) =>
      roll(model, real, { path: `${pathOf(real)}/roll`, expected: model.roll(), graceSeconds: grace }),
  })),
  fc.tuple(graceSeconds, age).map(([grace, index]) => ({
    name: `roll(${grace} s) by its own secret ${index}`,
    act: (model, real) => {
      const token = tokenAt(model, index)
      const expected = bySelf(model, token, () => model.roll())
      return roll(model, real, { path: `${SELF}/roll`, token, expected, graceSeconds: grace })
    },
  })),
  fc.constantFrom('finish' as const, 'undo' as const).map((by) => ({
    name: by,
    act: async (model, real) => {
      const expected = by === 'finish' ? model.finish() : model.undo()
      return [expected, codeOf(await real.world.change('POST', `${pathOf(real)}/roll/${by}`))]
    },
  })),
  fc.constantFrom(-1, 0, 1, HOUR_MS, 40 * DAY_MS, Infinity).map((inMs) => ({
    name: `expire in ${inMs} ms`,
    act: async (model, real) => {
      const atMs = model.nowMs + inMs
      const expiresAt = atMs === Infinity ? null : new Date(atMs).toISOString()
      return [model.expireAt(atMs), codeOf(await real.world.change('PATCH', pathOf(real), { expiresAt }))]
    },
  })),
  fc.constantFrom(1, 999, HOUR_MS, 12 * HOUR_MS, 31 * DAY_MS).map((ms) => ({
    name: `${ms} ms pass`,
    act: (model, { world }) => {
      moveTo(model, world, model.nowMs + ms)
      return Promise.resolve(['valid', 'valid'])
    },
  })),
  fc.tuple(fc.nat({ max: 3 }), fc.constantFrom(-1, 0)).map(([index, ms]) => ({
    name: `until ${ms} ms after end ${index}`,
    act: (model, { world }) => {
      const { boundaries } = model
      const atMs = boundaries[index % Math.max(1, boundaries.length)]
      if (atMs !== undefined) moveTo(model, world, Math.max(model.nowMs, atMs + ms))
      return Promise.resolve(['valid', 'valid'])
    },
  })),
  fc.boolean().map((mayCall) => ({
    name: `the partner adds it ${mayCall ? 'as a caller' : 'without calls'}`,
    act: async (model, real) => {
      const roles = [mayCall ? 'invoker' : 'auditor']
      const answer = await real.world.addAtPartner({ keyId: real.keyId, roles })
      const expected = model.addExternal()
      if (codeOf(answer) === 'valid')
        model.external = { id: textOf(answer.body['id']), active: true, mayCall }
      return [expected, codeOf(answer)]
    },
  })),
]

/** What would end or stop most keys early, if it were as frequent. */
const RARELY: readonly Kind[] = [
  age.map((index) => ({
    name: `finish by its own secret ${index}`,
    act: async (model, real) => {
      const token = tokenAt(model, index)
      const expected = bySelf(model, token, () => model.finish(token))
      return [expected, codeOf(await real.world.change('POST', `${SELF}/roll/finish`, undefined, token))]
    },
  })),
  fc.boolean().map((active) => ({
    name: active ? 'on' : 'off',
    act: async (model, real) => {
      const status = active ? 'active' : 'inactive'
      return [model.switchTo(active), codeOf(await real.world.change('PATCH', pathOf(real), { status }))]
    },
  })),
  fc.constantFrom(undefined, 0, 1).map((index) => ({
    name: index === undefined ? 'delete' : `delete by its own secret ${index}`,
    act: async (model, real) => {
      if (index === undefined)
        return [model.delete(), codeOf(await real.world.change('DELETE', pathOf(real)))]
      const token = tokenAt(model, index)
      const expected = bySelf(model, token, () => model.delete())
      return [expected, codeOf(await real.world.change('DELETE', SELF, undefined, token))]
    },
  })),
  fc.constantFrom('on', 'off', 'caller', 'auditor', 'remove').map((what) => ({
    name: `the partner: ${what}`,
    act: async (model, { world }) => {
      const { external } = model
      const path = `/external-keys/${external?.id ?? 'ext_0000000000000000'}`
      if (what === 'remove') {
        model.external = undefined
        return [
          external === undefined ? 'not_found' : 'valid',
          codeOf(await world.changeAtPartner('DELETE', path)),
        ]
      }
      const isSwitch = what === 'on' || what === 'off'
      const change = isSwitch
        ? { status: what === 'on' ? 'active' : 'inactive' }
        : { roles: [what === 'caller' ? 'invoker' : 'auditor'] }
      const found = codeOf(await world.changeAtPartner('PATCH', path, change))
      if (external === undefined) return ['not_found', found]
      if (isSwitch) external.active = what === 'on'
      else external.mayCall = what === 'caller'
      return ['valid', found]
    },
  })),
  fc.tuple(fc.constantFrom('partner' as const, 'everyone' as const), fc.boolean()).map(([whom, allowed]) => ({
    name: `${allowed ? 'allow' : 'forbid'} ${whom}`,
    act: async (model, real) => {
      const path = `${pathOf(real)}/acceptances${whom === 'partner' ? '/partner' : ''}`
      const found = codeOf(await real.world.change('PUT', path, { allowed }))
      if (allowed) model.forbiddenTo.delete(whom)
      else model.forbiddenTo.add(whom)
      return ['valid', found]
    },
  })),
]

function moveTo(model: KeyModel, world: KeyWorld, atMs: number): void {
  model.nowMs = atMs
  world.clock.nowMs = atMs
}

function expectSame([expected, found]: readonly [Code, Code], name: string): void {
  expect([name, found]).toEqual([name, expected])
}

/** Everything that can be seen of a key must be as in the model. */
async function expectAsInModel(model: KeyModel, { world, keyId }: RealLife): Promise<void> {
  const [first = ''] = model.tokens
  const checked = [...new Set([first, ...model.tokens.slice(-CHECKED_MAX)])]
  const found = checked.map(async (token) => [
    await world.callWith(token, 'acme'),
    await world.callWith(token, 'partner'),
  ])
  const expected = checked.map((token) => [model.verdict(token), model.partnerVerdict(token)])
  expect(await Promise.all(found)).toEqual(expected)
  expect((await world.read(`/keys/${keyId}`)).body['state']).toBe(model.state)
  const { external, inactiveBecause } = model
  if (external === undefined) return
  const { status, reason } = (await world.readAtPartner(`/external-keys/${external.id}`)).body
  expect({ status, reason }).toEqual(
    inactiveBecause === null
      ? { status: 'active', reason: undefined }
      : { status: 'inactive', reason: inactiveBecause },
  )
}

/** Random things that happen to a key, in a random order; each is compared with the model. */
export const keyLife = fc.commands(
  [...OFTEN, ...OFTEN, ...RARELY].map((arbitrary) =>
    arbitrary.map(({ name, act }): AsyncCommand<KeyModel, RealLife> => ({
      check: () => true,
      async run(model, real) {
        expectSame(await act(model, real), name)
        await expectAsInModel(model, real)
      },
      toString: () => name,
    })),
  ),
  { maxCommands: 14, size: 'max' },
)

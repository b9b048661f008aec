import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openBrowser, type Browser } from '../testing/browser.ts'
import { ACME, openAcme, textOf, type AcmeWorld, type Answer } from '../testing/control-world.ts'
import { addPerson, PASSWORD, verdict } from '../testing/people.ts'

const FIVE_MINUTES_MS = 5 * 60_000

type Act = (browser: Pick<Browser, 'call'>, world: AcmeWorld) => Promise<Answer>

async function ownKey(world: AcmeWorld): Promise<string> {
  const { body } = await world.own('GET', '/v1/whoami')
  return textOf(body['key']?.['id'])
}

async function otherOwnerKey(world: AcmeWorld): Promise<string> {
  const key = { name: 'other', type: 'secret', roles: ['owner'] }
  const { body } = await world.own('POST', `${ACME}/keys`, key)
  return `${ACME}/keys/${textOf(body['key']?.['id'])}`
}

async function otherOwner(world: AcmeWorld): Promise<string> {
  return `${ACME}/members/${(await addPerson(world, { acme: ['owner'] })).id}`
}

let environments = 0

/** Each act that cannot be undone, or lets somebody else do one. */
const ACTS: Readonly<Record<string, Act>> = {
  'removes a signing key': async (browser, world) => {
    const keys = `${ACME}/environments/test/signing-keys`
    const { body } = await world.own('POST', `${keys}/rotate`, { overlapSeconds: 3600 })
    return await browser.call('DELETE', `${keys}/${textOf(body['retired']?.['0']?.['id'])}`)
  },
  'rotates a signing key without overlap': async ({ call }) =>
    await call('POST', `${ACME}/environments/test/signing-keys/rotate`, { overlapSeconds: 0 }),
  'forbids others to accept a key': async ({ call }, world) =>
    await call('PUT', `${ACME}/keys/${await ownKey(world)}/acceptances`, { allowed: false }),
  'forbids one organization to accept a key': async ({ call }, world) =>
    await call('PUT', `${ACME}/keys/${await ownKey(world)}/acceptances/rival`, { allowed: false }),
  'removes an owner': async ({ call }, world) => await call('DELETE', await otherOwner(world)),
  'takes the role of an owner': async ({ call }, world) =>
    await call('PATCH', await otherOwner(world), { roles: ['developer'] }),
  'deletes the key of an owner': async ({ call }, world) => await call('DELETE', await otherOwnerKey(world)),
  'takes the role of the key of an owner': async ({ call }, world) =>
    await call('PATCH', await otherOwnerKey(world), { roles: [] }),
  'forbids others to accept any key': async ({ call }) =>
    await call('PUT', `${ACME}/settings/acceptances`, { allowed: false }),
  'removes an environment with its signing keys': async ({ call }, world) => {
    environments += 1
    const name = `e${environments}`
    await world.own('POST', `${ACME}/environments`, { name })
    return await call('DELETE', `${ACME}/environments/${name}`)
  },
  'makes somebody an owner': async ({ call }, world) => {
    const { id } = await addPerson(world, { acme: ['developer'] })
    return await call('PATCH', `${ACME}/members/${id}`, { roles: ['owner'] })
  },
  'makes a key that may do such things': async ({ call }) =>
    await call('POST', `${ACME}/keys`, { name: 'k', type: 'secret', roles: ['key-manager'] }),
}

/** Acts beside them that can be undone. */
const OTHERS: Readonly<Record<string, Act>> = {
  'rotates a signing key with overlap': async ({ call }) =>
    await call('POST', `${ACME}/environments/test/signing-keys/rotate`, {}),
  'gives somebody a role that needs no confirmation': async ({ call }, world) => {
    const { id } = await addPerson(world, { acme: ['developer'] })
    return await call('PATCH', `${ACME}/members/${id}`, { roles: ['auditor'] })
  },
  'deletes another key': async ({ call }, world) => {
    const { body } = await world.own('POST', `${ACME}/keys`, { name: 'ci', type: 'secret' })
    return await call('DELETE', `${ACME}/keys/${textOf(body['key']?.['id'])}`)
  },
  'allows others to accept any key': async ({ call }) =>
    await call('PUT', `${ACME}/settings/acceptances`, { allowed: true }),
}

describe('a person', () => {
  let world: AcmeWorld
  let browser: Browser

  beforeEach(async () => {
    world = await openAcme()
    browser = openBrowser(world)
    await browser.signIn(await addPerson(world, { acme: ['owner'] }))
  })

  afterEach(async () => await world[Symbol.asyncDispose]())

  test.for(Object.entries(ACTS))('who %s must have confirmed it within five minutes', async ([, act]) => {
    world.clock.nowMs += FIVE_MINUTES_MS
    const refused = await act(browser, world)
    expect(verdict(refused)).toEqual([403, 'step_up_required'])
    const wrong = await browser.call('POST', '/v1/session/step-up', { password: 'wrong' })
    expect(verdict(wrong)).toEqual([401, 'sign_in_failed'])
    expect((await act(browser, world)).status).toBe(403)
    expect((await browser.call('POST', '/v1/session/step-up', { password: PASSWORD })).status).toBe(204)
    world.clock.nowMs += FIVE_MINUTES_MS - 1
    expect((await act(browser, world)).status).toBeLessThan(300)
    world.clock.nowMs += 1
    expect((await act(browser, world)).body['code']).toBe('step_up_required')
  })

  test.for(Object.entries(OTHERS))('who %s need not confirm it', async ([, act]) => {
    world.clock.nowMs += FIVE_MINUTES_MS
    expect((await act(browser, world)).status).toBeLessThan(300)
  })

  test('steps up with either the password or a code', async () => {
    const both = { password: PASSWORD, code: '123456' }
    for (const body of [{}, both, { password: '' }, { code: 5 }]) {
      const { status } = await browser.call('POST', '/v1/session/step-up', body)
      expect([body, status]).toEqual([body, 400])
    }
  })
})

test.for(Object.entries(ACTS))('a key that %s confirms nothing', async ([, act]) => {
  await using world = await openAcme()
  world.clock.nowMs += FIVE_MINUTES_MS
  expect((await act({ call: async (...request) => await world.own(...request) }, world)).status).toBeLessThan(
    300,
  )
})

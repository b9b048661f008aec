import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openTestDatabase } from '../../../../test/services/postgres.ts'
import { ACME, bearer, openAcme, spec, textOf, type AcmeWorld } from './testing/control-world.ts'
import { type Change, KNOWN_RESOURCES, type KnownResource } from './testing/two-admins.ts'

/*
 * Two admins who change the same resource: every resource that has an entity tag, by each method, without a precondition,
 * with a current tag and with a stale one (RFC 9110 section 13).
 */

const STALE = '"no-resource-has-had-this-tag"'
const FAILED = { status: 412, body: { code: 'precondition_failed' } }

describe.each(['sqlite', 'postgres'] as const)('on %s', (kind) => {
  const stack = new AsyncDisposableStack()
  let world: AcmeWorld
  let other: { readonly authorization: string }
  beforeAll(async () => {
    const database =
      kind === 'sqlite' ? undefined : ({ kind, url: stack.use(await openTestDatabase()).url } as const)
    world = stack.use(await openAcme({}, undefined, database))
    const body = { name: 'second admin', type: 'secret', roles: ['owner'] }
    other = bearer((await world.own('POST', `${ACME}/keys`, body)).body['token'])
  })
  afterAll(async () => await stack.disposeAsync())

  async function tagAt(path: string): Promise<string> {
    const { status, headers } = await world.own('GET', path)
    expect(status).toBe(200)
    return String(headers['etag'])
  }

  /** What the second admin does, and the tag that the first one still has. */
  async function overtaken({ meanwhile }: KnownResource, path: string): Promise<string> {
    if (meanwhile === undefined) return STALE
    const before = await tagAt(path)
    const answer = await world.call(meanwhile.method, path, meanwhile.body, other)
    expect(answer.status).toBeLessThan(300)
    expect(await tagAt(path)).not.toBe(before)
    return before
  }

  const changed = KNOWN_RESOURCES.flatMap((one) =>
    one.change === undefined ? [] : [[one.change.method, one.name, one, one.change] as const],
  )
  describe.each(changed)('%s of a %s', (method, _, resource, { body }: Change) => {
    test('without a precondition is done, whatever happened meanwhile', async () => {
      const path = await resource.make(world)
      await overtaken(resource, path)
      expect((await world.own(method, path, body)).status).toBeLessThan(300)
    })

    test('with the current tag is done, and answers with the next one', async () => {
      const path = await resource.make(world)
      const tag = await tagAt(path)
      expect(tag).toMatch(/^"[\w-]{24}"$/)
      const answer = await world.own(method, path, body, { 'if-match': `"other", ${tag}` })
      expect(answer.status).toBeLessThan(300)
      expect(answer.headers['etag']).toBe(await tagAt(path))
      expect((await world.own(method, path, body, { 'if-match': '*' })).status).toBeLessThan(300)
    })

    test('with a stale or weak tag, or with If-None-Match of what there is, changes nothing', async () => {
      const path = await resource.make(world)
      const stale = await overtaken(resource, path)
      const now = await tagAt(path)
      for (const condition of [
        { 'if-match': stale },
        { 'if-match': `W/${now}` },
        { 'if-none-match': '*' },
        { 'if-none-match': now },
        { 'if-match': '*', 'if-none-match': `W/${now}` },
      ]) {
        expect(await world.own(method, path, body, condition)).toMatchObject(FAILED)
      }
      expect(await tagAt(path)).toBe(now)
    })
  })

  const removed = KNOWN_RESOURCES.filter(({ isRemovable }) => isRemovable)
  describe.each(removed.map((one) => [one.name, one] as const))('DELETE of a %s', (_, resource) => {
    test('without a precondition is done', async () => {
      const path = await resource.make(world)
      await overtaken(resource, path)
      expect((await world.own('DELETE', path)).status).toBe(200)
    })

    test('with a stale tag changes nothing, and with the current one is done', async () => {
      const path = await resource.make(world)
      const stale = await overtaken(resource, path)
      const now = await tagAt(path)
      expect(await world.own('DELETE', path, undefined, { 'if-match': stale })).toMatchObject(FAILED)
      expect(await tagAt(path)).toBe(now)
      expect((await world.own('DELETE', path, undefined, { 'if-match': now })).status).toBe(200)
    })
  })

  test('of two changes at once with the same tag, one is done', async () => {
    const path = await consumerPath()
    const tag = await tagAt(path)
    const answers = await Promise.all(
      Array.from({ length: 8 }, async (_, index) => {
        const caller = index % 2 === 0 ? world.owner : other
        const body = { description: `change ${index}` }
        return await world.call('PATCH', path, body, { ...caller, 'if-match': tag })
      }),
    )
    expect(answers.map(({ status }) => status).toSorted((one, two) => one - two)).toEqual([
      200,
      ...Array<number>(7).fill(412),
    ])
  })

  test('of two edits of a version, the second one is told, and keeps what it has written', async () => {
    await world.own('POST', `${ACME}/pipelines`, { name: 'edited', spec: spec({ path: '/edited' }) })
    const path = `${ACME}/pipelines/edited/versions`
    const edit = (base: string | null, comment: string) => ({
      spec: spec({ path: '/edited' }),
      base,
      comment,
    })
    const first = await world.own('POST', path, edit('1.0', 'first'))
    expect(first).toMatchObject({ status: 201, body: { version: '1.1', comment: 'first' } })
    const second = await world.call('POST', path, edit('1.0', 'second'), other)
    expect(second).toMatchObject({ status: 409, body: { code: 'conflict' } })
    expect(textOf(second.body['detail'])).toBe(
      'Version 1.1 is the latest one, not 1.0. Compare your spec with it, then save with "base": "1.1".',
    )
    const rebased = await world.call('POST', path, { ...edit('1.1', 'second'), bump: 'major' }, other)
    expect(rebased).toMatchObject({ status: 201, body: { version: '2.0', comment: 'second' } })
    expect((await world.own('POST', path, edit(null, 'whatever is there'))).status).toBe(201)
    expect((await world.own('POST', path, { spec: spec({ path: '/edited' }) })).status).toBe(201)
    expect(await world.own('GET', `${path}/1.1`)).toMatchObject({ status: 200, body: first.body })
    for (const version of ['9.9', '1', 'latest']) {
      expect((await world.own('GET', `${path}/${version}`)).status).toBe(404)
    }
  })

  test('of associations that two admins add and remove at once, none is lost', async () => {
    const path = await consumerPath()
    const names = Array.from({ length: 6 }, (_, index) => `part-${kind}-${index}`)
    for (const name of names) {
      await world.own('POST', `${ACME}/pipelines`, { name, spec: spec({ path: `/${name}` }) })
    }
    const pipelines = async (): Promise<ReadonlySet<unknown>> =>
      new Set(Object.values((await world.own('GET', path)).body['pipelines'] ?? {}))
    const add = async (pipeline: string, index = 0): Promise<number> => {
      const caller = index % 2 === 0 ? world.owner : other
      return (await world.call('POST', `${path}/pipelines`, { pipeline }, caller)).status
    }
    expect(await Promise.all(names.map(add))).toEqual(names.map(() => 200))
    expect(await pipelines()).toEqual(new Set(names))
    const eventsOf = async (): Promise<number> => {
      const { body } = await world.own('GET', `${ACME}/audit-events?action=consumers.update&limit=200`)
      return Object.values(body['items'] ?? {}).length
    }
    const recorded = await eventsOf()
    expect(await add(names[0] ?? '')).toBe(200)
    expect((await world.own('PATCH', path, { pipelines: [...(await pipelines())] })).status).toBe(200)
    // What changes nothing is no event.
    expect(await eventsOf()).toBe(recorded)
    const [gone = '', ...left] = names
    const answers = await Promise.all([
      world.own('DELETE', `${path}/pipelines/${gone}`),
      world.call('PATCH', path, { description: 'Meanwhile' }, other),
    ])
    expect(answers.map(({ status }) => status)).toEqual([200, 200])
    expect(await pipelines()).toEqual(new Set(left))
    expect((await world.own('DELETE', `${path}/pipelines/${gone}`)).status).toBe(404)
    const unknown = await world.own('POST', `${path}/pipelines`, { pipeline: 'unknown' })
    expect(unknown).toMatchObject({ status: 400, body: { errors: [{ path: '/pipeline' }] } })
    const listed = await world.own('PATCH', path, { pipelines: [left[0], 'unknown'] })
    expect(listed).toMatchObject({ status: 400, body: { errors: [{ path: '/pipelines/1' }] } })
  })

  let consumers = 0
  async function consumerPath(): Promise<string> {
    consumers += 1
    const body = { name: `racing-${kind}-${consumers}`, environment: 'prod' }
    const made = await world.own('POST', `${ACME}/consumers`, body)
    return `${ACME}/consumers/${textOf(made.body['consumer']?.['id'])}`
  }
})

describe('a resource', () => {
  let world: AcmeWorld
  beforeAll(async () => {
    world = await openAcme()
  })
  afterAll(async () => await world[Symbol.asyncDispose]())
  const secret = `${ACME}/environments/prod/secrets/NEW`

  test('that does not exist is made with If-None-Match: *, and only then', async () => {
    const value = { value: 'one' }
    expect(await world.own('PUT', secret, value, { 'if-match': '*' })).toMatchObject(FAILED)
    expect(await world.own('PUT', secret, value, { 'if-match': STALE })).toMatchObject({
      ...FAILED,
      body: { detail: 'It does not exist, or no longer. Leave out `If-Match` to create it.' },
    })
    const made = await world.own('PUT', secret, value, { 'if-none-match': '*' })
    expect(made).toMatchObject({ status: 201, headers: { etag: expect.any(String) } })
    expect(await world.own('PUT', secret, value, { 'if-none-match': '*' })).toMatchObject({
      ...FAILED,
      body: { detail: 'It exists already. Leave out `If-None-Match` to replace it.' },
    })
  })

  test('that the caller does not find is not found, with any precondition', async () => {
    for (const condition of [{ 'if-match': '*' }, { 'if-match': STALE }, { 'if-none-match': '*' }]) {
      const path = `${ACME}/consumers/con_0000000000000000`
      const answer = await world.own('PATCH', path, { description: 'x' }, condition)
      expect([answer.status, answer.body['code']]).toEqual([404, 'not_found'])
    }
  })

  test('that the caller may change but not read gets no tag, and matches none', async () => {
    const role = { name: 'writer', permissions: [{ permission: 'secrets.write' }] }
    expect((await world.own('POST', `${ACME}/roles`, role)).status).toBe(201)
    const body = { name: 'writer', type: 'secret', roles: ['writer'] }
    const caller = bearer((await world.own('POST', `${ACME}/keys`, body)).body['token'])
    const path = `${ACME}/environments/prod/secrets/HIDDEN`
    const made = await world.call('PUT', path, { value: 'one' }, caller)
    expect([made.status, made.headers['etag']]).toEqual([201, undefined])
    const put = async (condition: Record<string, string>): Promise<number> =>
      (await world.call('PUT', path, { value: 'two' }, { ...caller, ...condition })).status
    expect(await put({ 'if-match': '*' })).toBe(200)
    const tag = String((await world.own('GET', path)).headers['etag'])
    for (const condition of [{ 'if-match': tag }, { 'if-match': '""' }, { 'if-none-match': '*' }]) {
      expect([condition, await put(condition)]).toEqual([condition, 412])
    }
    expect((await world.own('GET', path)).headers['etag']).toBe(tag)
  })

  test('is answered with 304 to who has it, unless its answer has counters', async () => {
    await world.own('POST', `${ACME}/projects`, { name: 'still' })
    const { headers } = await world.own('GET', `${ACME}/projects/still`)
    for (const list of [String(headers['etag']), `W/${String(headers['etag'])}`, '*']) {
      const again = await world.own('GET', `${ACME}/projects/still`, undefined, { 'if-none-match': list })
      expect(again).toMatchObject({ status: 304, headers: { etag: headers['etag'] }, body: {} })
    }
    const other = await world.own('GET', `${ACME}/projects/still`, undefined, { 'if-none-match': STALE })
    expect(other.status).toBe(200)
    const made = await world.own('POST', `${ACME}/keys`, { name: 'busy', type: 'secret' })
    const path = `${ACME}/keys/${textOf(made.body['key']?.['id'])}`
    const tag = String((await world.own('GET', path)).headers['etag'])
    expect((await world.own('GET', path, undefined, { 'if-none-match': tag })).status).toBe(200)
    expect((await world.own('GET', path, undefined, { 'if-match': STALE })).status).toBe(412)
  })

  test.each([
    ['if-match', 'x'],
    ['if-none-match', '"a" "b"'],
    ['if-match', ''],
  ])('with a malformed %s: %s is refused', async (name, value) => {
    const answer = await world.own('PATCH', ACME, { name: 'Acme' }, { [name]: value })
    expect(answer).toMatchObject({
      status: 400,
      body: { code: 'invalid_request', errors: [{ path: `header/${name}` }] },
    })
  })

  test('a key in use keeps its tag, and a rolled one has another', async () => {
    const made = await world.own('POST', `${ACME}/keys`, { name: 'used', type: 'secret', roles: ['auditor'] })
    const path = `${ACME}/keys/${textOf(made.body['key']?.['id'])}`
    const tag = (await world.own('GET', path)).headers['etag']
    world.clock.nowMs += 60_000
    await world.call('GET', '/v1/whoami', undefined, bearer(made.body['token']))
    expect((await world.own('GET', path)).headers['etag']).toBe(tag)
    await world.own('POST', `${path}/roll`, {})
    expect((await world.own('GET', path)).headers['etag']).not.toBe(tag)
  })

  test('a key has another tag after a change of any label, also one with the name of a counter', async () => {
    const names = ['state', 'freshness', 'requests', 'lastusedat', 'warnings', 'roll', 'rotation', 'region']
    const body = { name: 'labelled', type: 'secret', labels: { region: 'eu' } }
    const path = `${ACME}/keys/${textOf((await world.own('POST', `${ACME}/keys`, body)).body['key']?.['id'])}`
    for (const name of names) {
      const tag = String((await world.own('GET', path)).headers['etag'])
      const answer = await world.own('PATCH', path, { labels: { [name]: 'new' } }, { 'if-match': tag })
      expect([name, answer.status]).toEqual([name, 200])
      const late = await world.own('PATCH', path, { labels: {} }, { 'if-match': tag })
      expect([name, late.status]).toEqual([name, 412])
    }
  })

  test('that has no tag refuses preconditions instead of ignoring them', async () => {
    await world.own('POST', `${ACME}/pipelines`, { name: 'orders', spec: spec() })
    for (const [method, path, body] of [
      ['POST', `${ACME}/keys`, { name: 'new', type: 'secret' }],
      ['POST', `${ACME}/pipelines/orders/versions`, { spec: spec() }],
      ['DELETE', `${ACME}/invitations/inv_0000000000000000`, undefined],
    ] as const) {
      const answer = await world.own(method, path, body, { 'if-match': '*' })
      expect(answer).toMatchObject({ status: 400, body: { errors: [{ path: 'header/if-match' }] } })
    }
    expect((await world.own('GET', `${ACME}/keys`, undefined, { 'if-none-match': '*' })).status).toBe(200)
  })
})

test('every operation that changes what GET shows takes preconditions', async () => {
  await using world = await openAcme()
  const { body } = await world.call('GET', '/v1/openapi.json')
  const missing: string[] = []
  for (const [path, methods] of Object.entries(body['paths'] ?? {})) {
    for (const method of ['put', 'patch', 'delete']) {
      const operation = methods[method]
      if (operation === undefined || methods['get'] === undefined) continue
      const names = Object.values(operation['parameters'] ?? {}).map(({ name }) => textOf(name))
      if (!names.includes('if-match')) missing.push(`${method} ${path}`)
    }
  }
  // A session, a second factor and a portal session belong to one person, so no second person changes them.
  expect(missing.toSorted()).toEqual([
    'delete /v1/person/second-factor',
    'delete /v1/portal',
    'delete /v1/session',
    'delete /v1/session/others',
  ])
})

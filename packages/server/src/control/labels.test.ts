import { expect, test } from 'vitest'
import { ACME, type Answer, openAcme, textOf } from './testing/control-world.ts'

type World = Awaited<ReturnType<typeof openAcme>>

const GOLD = { team: 'payments', tier: 'gold' }

/** The 400 paths of an answer; its status if it is another one. */
function pathsOf({ status, body }: Answer): unknown {
  return status === 400 ? Object.values(body['errors'] ?? {}).map((error) => error['path']) : status
}

async function newKey(world: World, labels: object = {}): Promise<string> {
  const { body } = await world.own('POST', `${ACME}/keys`, { name: 'k', type: 'secret', labels })
  return textOf(body['key']?.['id'])
}

async function newConsumer(world: World, name: string, labels?: object): Promise<string> {
  const { body } = await world.own('POST', `${ACME}/consumers`, { name, environment: 'prod', labels })
  return textOf(body['consumer']?.['id'])
}

test('a key has labels, which a change replaces as a whole', async () => {
  await using world = await openAcme()
  const made = await world.own('POST', `${ACME}/keys`, { name: 'k', type: 'secret', labels: GOLD })
  expect(made).toMatchObject({ status: 201, body: { key: { labels: GOLD } } })
  const path = `${ACME}/keys/${textOf(made.body['key']?.['id'])}`
  const labelsAfter = async (change: object): Promise<unknown> => {
    expect((await world.own('PATCH', path, change)).status).toBe(200)
    return (await world.own('GET', path)).body['labels']
  }
  expect(await labelsAfter({ name: 'renamed' })).toEqual(GOLD)
  expect(await labelsAfter({ labels: { app: '' } })).toEqual({ app: '' })
  expect(await labelsAfter({ labels: {} })).toEqual({})
  const plain = await world.own('POST', `${ACME}/keys`, { name: 'k', type: 'secret' })
  expect(plain.body['key']?.['labels']).toEqual({})
})

test('a consumer has labels, which are not copied to its keys', async () => {
  await using world = await openAcme()
  const body = { name: 'app', environment: 'prod', labels: GOLD }
  const made = await world.own('POST', `${ACME}/consumers`, body)
  expect(made).toMatchObject({ status: 201, body: { consumer: { labels: GOLD }, key: { labels: {} } } })
  const path = `${ACME}/consumers/${textOf(made.body['consumer']?.['id'])}`
  await world.own('PATCH', path, { description: 'x' })
  expect((await world.own('GET', path)).body['labels']).toEqual(GOLD)
  const changed = await world.own('PATCH', path, { labels: { tier: 'free' } })
  expect(changed.body['consumer']?.['labels']).toEqual({ tier: 'free' })
})

test('invalid labels are refused with the path of each', async () => {
  await using world = await openAcme()
  const numbered = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`l${index}`, '']))
  const key = `${ACME}/keys/${await newKey(world)}`
  const consumer = `${ACME}/consumers/${await newConsumer(world, 'app')}`
  const cases: readonly [labels: unknown, expected: unknown][] = [
    [numbered(20), 200],
    [numbered(21), ['/labels']],
    [{ ['a'.repeat(63)]: 'x' }, 200],
    [{ ['a'.repeat(64)]: 'x' }, [`/labels/${'a'.repeat(64)}`]],
    [{ Team: 'x', team: 'x' }, ['/labels/Team']],
    [{ '': 'x' }, ['/labels/']],
    [{ 'a/b': 'x' }, ['/labels/a~1b']],
    [{ team: 'a\r\nx-sallyport-key: b' }, ['/labels/team']],
    [{ team: '\u001b[31m' }, ['/labels/team']],
    [{ team: 'x'.repeat(129) }, ['/labels/team']],
    [{ team: '😀'.repeat(64) }, 200],
    [{ a: '€'.repeat(120), b: '€'.repeat(120) }, ['/labels']],
    [{ team: 7 }, ['/labels/team']],
    [{ team: null }, ['/labels/team']],
    [['team'], ['/labels']],
    [null, 200],
    [JSON.parse('{"__proto__": "x"}'), ['/labels/__proto__']],
  ]
  for (const [labels, expected] of cases) {
    const name = JSON.stringify(labels)
    expect([name, pathsOf(await world.own('PATCH', key, { labels }))]).toEqual([name, expected])
    expect([name, pathsOf(await world.own('PATCH', consumer, { labels }))]).toEqual([name, expected])
  }
  const json = { 'content-type': 'application/json' }
  const twice = await world.own('PATCH', key, '{"labels": {"a": "x", "a": "y"}}', json)
  expect(twice).toMatchObject({
    status: 400,
    body: { errors: [{ message: expect.stringMatching('has two members "a"') }] },
  })
  const token = 'sp_sk_4fT0Qm2ZrX9bLk7A_0123456789abcdef0123456789abcdef'
  const refused = await world.own('POST', `${ACME}/keys`, { name: 'k', type: 'secret', labels: { t: token } })
  expect(pathsOf(refused)).toEqual(['/labels/t'])
  expect(JSON.stringify(refused.body)).not.toContain(token)
})

test('lists find keys by labels, and count them', async () => {
  await using world = await openAcme()
  const gold = await newKey(world, GOLD)
  world.clock.nowMs += 1
  const plain = await newKey(world, { team: 'payments eu', app: '' })
  const list = async (query: string): Promise<unknown> => {
    const { status, body } = await world.own('GET', `${ACME}/keys?${query}`)
    expect([query, status]).toEqual([query, 200])
    const ids = Object.values(body['items'] ?? {}).map((item) => item['id'])
    expect([query, body['total'], body['totalIsExact']]).toEqual([query, ids.length, true])
    return ids
  }
  expect(await list('label=team')).toEqual([gold, plain])
  expect(await list('label=team:payments')).toEqual([gold])
  expect(await list('label=team:payments%20eu')).toEqual([plain])
  expect(await list('label=team:Payments')).toEqual([])
  expect(await list('label=app:')).toEqual([plain])
  expect(await list('label=team&label=tier:gold')).toEqual([gold])
  expect(await list('label=team&label=tier:silver')).toEqual([])
  expect(await list('search=GOLD')).toEqual([gold])
  expect(await list('search=tier')).toEqual([])
  await world.own('PATCH', `${ACME}/keys/${gold}`, { labels: { tier: 'free' } })
  expect(await list('label=team')).toEqual([plain])
  expect(await list('label=tier:free&search=fre')).toEqual([gold])
})

test('lists find consumers by labels', async () => {
  await using world = await openAcme()
  const gold = await newConsumer(world, 'gold', GOLD)
  world.clock.nowMs += 1
  const plain = await newConsumer(world, 'plain', { team: 'payments' })
  const list = async (query: string): Promise<unknown> =>
    Object.values((await world.own('GET', `${ACME}/consumers?${query}`)).body['items'] ?? {}).map(
      (item) => item['id'],
    )
  expect(await list('label=team:payments')).toEqual([gold, plain])
  expect(await list('label=team&label=tier:gold')).toEqual([gold])
  expect(await list('label=team:payments&environment=test')).toEqual([])
  expect(await list('label=tea')).toEqual([])
})

test('invalid label filters are refused', async () => {
  await using world = await openAcme()
  const several = (count: number) => Array.from({ length: count }, () => 'label=a').join('&')
  for (const list of ['keys', 'consumers']) {
    const statusOf = async (query: string) => (await world.own('GET', `${ACME}/${list}?${query}`)).status
    for (const query of ['label=', 'label=Team', 'label=:x', 'label=a:%0A', 'label=a&label=B', several(6)]) {
      expect([list, query, await statusOf(query)]).toEqual([list, query, 400])
    }
    expect(await statusOf(several(5))).toBe(200)
  }
})

test('look-ups, verifications and the audit log show the labels of a key', async () => {
  await using world = await openAcme()
  const made = await world.own('POST', `${ACME}/keys`, { name: 'k', type: 'secret', labels: GOLD })
  const token = textOf(made.body['token'])
  const id = textOf(made.body['key']?.['id'])
  const lookedUp = await world.own('POST', `${ACME}/keys/lookup`, { token })
  expect(lookedUp.body['key']?.['labels']).toEqual(GOLD)
  const verified = await world.own('POST', `${ACME}/verify`, { token })
  expect(verified.body['key']).toMatchObject({ id, labels: GOLD })
  await world.own('PATCH', `${ACME}/keys/${id}`, { labels: { tier: 'free' } })
  const { body } = await world.own('GET', `${ACME}/audit-events?action=keys.update`)
  expect(body['items']?.['0']).toMatchObject({
    before: { labels: GOLD },
    after: { labels: { tier: 'free' } },
  })
})

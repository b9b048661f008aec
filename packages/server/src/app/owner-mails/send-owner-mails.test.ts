import { OWNER_MAILS_DEFAULT } from '@sallyport/core'
import { expect, test } from 'vitest'
import { startMailServer, type ReceivedMail } from '../../mail/testing/mail-server.ts'
import { openTestOutbox } from '../../mail/testing/open-outbox.ts'
import type { Mail } from '../../mail/mail.ts'
import { entry } from '../../store/testing/examples/audit-events.ts'
import { insertOrganization } from '../../store/testing/fixtures.ts'
import { person } from '../../store/testing/examples/people.ts'
import type { OperationContext } from '../access/context.ts'
import { createKey } from '../keys/create-key.ts'
import { updateOrganization } from '../organizations/update-organization.ts'
import { insertMember } from '../people/insert-member.ts'
import { setPolicy } from '../policies/set-policy.ts'
import { title } from '../testing/fields.ts'
import { openWorld, type World } from '../testing/world.ts'
import {
  FAULT_PAUSE_MS,
  MAILS_WAITING_MAX,
  OWNER_MAIL_PAUSE_MS,
  type SendOwnerMailsDeps,
  sendOwnerMails,
} from './send-owner-mails.ts'

const PUBLIC_URL = 'https://console.example.com'
const HOUR_MS = 60 * 60_000
const prod = { organization: 'acme', environment: 'prod', dryRun: false } as const

interface OwnedWorld extends World {
  /** Everything that was posted. */
  readonly posted: Mail[]
  /** What a process does every few seconds. */
  readonly send: () => Promise<void>
  /** How many mails still wait to be sent. */
  readonly waiting: { count: number }
  /** The owner of `acme`, with mails. */
  readonly mailing: OperationContext
}

/** A world in which Rosa and Paul own `acme`, Nora audits it, and all that was told. */
async function openOwned(): Promise<OwnedWorld> {
  const world = await openWorld()
  const posted: Mail[] = []
  const waiting = { count: 0 }
  const mails = mailsOf(posted, waiting)
  const publicUrl = () => PUBLIC_URL
  for (const [id, roles] of [
    ['mem_paul', ['owner']],
    ['mem_rosa', ['owner', 'developer']],
    ['mem_nora', ['auditor']],
  ] as const)
    await world.store.write(async (tx) => {
      const member = person(id, { name: id.slice(4) })
      await tx.people.insert(member)
      await insertMember(tx, world.owner, { organization: 'acme', person: member, roles })
    })
  const send: OwnedWorld['send'] = () =>
    sendOwnerMails({ ...deliveryOf(world), mails }, (cause) => {
      throw cause
    })
  await send()
  posted.length = 0
  world.clock.nowMs += OWNER_MAIL_PAUSE_MS
  return { ...world, posted, send, waiting, mailing: { ...world.owner, mails, publicUrl } }
}

function mailsOf(posted: Mail[], waiting = { count: 0 }): SendOwnerMailsDeps['mails'] {
  return {
    post: (mail) => void posted.push(mail),
    get waiting() {
      return waiting.count
    },
  }
}

function deliveryOf({ store, clock }: Pick<World, 'store' | 'clock'>): Omit<SendOwnerMailsDeps, 'mails'> {
  return { store, publicUrl: () => PUBLIC_URL, nowMs: () => clock.nowMs }
}

const subjectsOf = (mails: readonly Pick<Mail, 'to' | 'subject'>[]) =>
  mails.map(({ to, subject }) => [to, subject])

/** Records events that nothing else of the world depends on. */
async function happens(world: World, count: number, more: object = {}): Promise<void> {
  await world.store.write(async (tx) => {
    for (let index = 0; index < count; index += 1)
      tx.audit(
        entry('acme', {
          actor: 'housekeeping',
          action: 'keys.expired',
          target: `key/key_${index}`,
          after: { id: `key_${index}`, name: `App ${index}` },
          atMs: world.clock.nowMs,
          ...more,
        }),
      )
  })
}

test('each owner gets a mail about what happened, and no other member does', async () => {
  await using world = await openOwned()
  const { posted, send, owner } = world
  await createKey(owner, { organization: 'acme', name: title('not mailed'), type: 'secret' })
  await setPolicy(owner, { ...prod, mode: 'api-key' })
  await setPolicy(world.rival, { ...prod, organization: 'rival', mode: 'api-key' })
  await send()
  expect(subjectsOf(posted)).toEqual([
    [
      'mem_paul@example.com',
      'Acme: The policy about access to the environment "prod" is now "api-key", and was "any" before (by Owner)',
    ],
    ['mem_rosa@example.com', posted[0]?.subject],
  ])
  expect(posted[0]).toEqual({
    kind: 'events',
    to: 'mem_paul@example.com',
    organization: 'acme',
    subject: posted[0]?.subject,
    text: [
      'In the organization "Acme" on Sallyport:',
      '- 2026-01-01 00:10 UTC: The policy about access to the environment "prod" is now "api-key", and was "any" before (by Owner).',
      `You get this mail because you own the organization. Which events its owners get by mail is set in "ownerMails" of the organization:\n${PUBLIC_URL}\n`,
    ].join('\n\n'),
  })
  await send()
  expect(posted).toHaveLength(2)
})

test('what happens within ten minutes comes in one mail, in its order', async () => {
  await using world = await openOwned()
  const { posted, send, owner, clock } = world
  await setPolicy(owner, { ...prod, mode: 'api-key' })
  await send()
  posted.length = 0
  clock.nowMs += 1
  await happens(world, 25)
  await setPolicy(owner, { ...prod, mode: 'any' })
  clock.nowMs += OWNER_MAIL_PAUSE_MS - 2
  await send()
  expect(posted).toEqual([])
  clock.nowMs += 1
  await send()
  expect(subjectsOf(posted)).toEqual([
    ['mem_paul@example.com', 'Acme: 26 events'],
    ['mem_rosa@example.com', 'Acme: 26 events'],
  ])
  const lines = posted[0]?.text.split('\n').filter((line) => line.startsWith('- ')) ?? []
  expect(lines).toHaveLength(20)
  expect(lines[0]).toBe(
    '- 2026-01-01 00:10 UTC: The key "App 0" (key_0) has ended, and its callers are refused.',
  )
  expect(lines.at(-1)).toContain('"App 19"')
  expect(posted[0]?.text).toContain('\n\nAnd 6 more: the audit log has all of them.\n\n')
})

test('more events than are read at a time, and those of others in between, are all counted', async () => {
  await using world = await openOwned()
  await happens(world, 499)
  await happens(world, 2, { action: 'keys.create' })
  await happens(world, 501)
  await world.send()
  expect(world.posted[0]?.subject).toBe('Acme: 1000 events')
})

test('of several processes, one tells', async () => {
  await using world = await openOwned()
  await happens(world, 1)
  await Promise.all([world.send(), world.send(), world.send()])
  expect(world.posted).toHaveLength(2)
})

test('an event of more than an hour ago is not told', async () => {
  await using world = await openOwned()
  const { posted, send, clock } = world
  await happens(world, 3)
  clock.nowMs += HOUR_MS
  await happens(world, 1)
  clock.nowMs += 1
  await send()
  expect(posted.map(({ subject }) => subject.split(':', 1)[0])).toEqual(['Acme', 'Acme'])
  expect(posted[0]?.text.match(/^- /gm)).toHaveLength(1)
  clock.nowMs += OWNER_MAIL_PAUSE_MS
  await send()
  expect(posted).toHaveLength(2)
})

test('owners choose the events, and are told of another choice at once', async () => {
  await using world = await openOwned()
  const { posted, send, mailing, clock } = world
  const choose = async (ownerMails: Parameters<typeof updateOrganization>[1]['ownerMails']) =>
    (await updateOrganization(mailing, { organization: 'acme', ownerMails })).organization.ownerMails
  expect(await choose([...OWNER_MAILS_DEFAULT].toReversed())).toEqual(OWNER_MAILS_DEFAULT)
  expect(posted).toEqual([])
  expect(await choose(['policy.changed', 'key.created', 'key.created'])).toEqual([
    'key.created',
    'policy.changed',
  ])
  expect(subjectsOf(posted)).toEqual([
    ['mem_paul@example.com', 'The mails about Acme were changed'],
    ['mem_rosa@example.com', 'The mails about Acme were changed'],
  ])
  expect(posted[0]?.text).toContain(
    'Owner changed which events of "Acme" on Sallyport its owners get by mail',
  )
  expect(posted[0]?.text).toMatch(/^Added: key\.created\nNo longer mailed: key\.rotation_failed, /m)
  posted.length = 0
  await createKey(mailing, { organization: 'acme', name: title('evil.example'), type: 'secret' })
  await happens(world, 1)
  await send()
  expect(posted[0]?.subject).toMatch(
    /^Acme: The key "evil\. example" \(key_\w{16}\) was created \(by Owner\)$/,
  )
  posted.length = 0
  await choose([])
  expect(posted[0]?.text).toMatch(/^Added: none\nNo longer mailed: key\.created, policy\.changed$/m)
  posted.length = 0
  clock.nowMs += OWNER_MAIL_PAUSE_MS
  await createKey(mailing, { organization: 'acme', name: title('quiet'), type: 'secret' })
  await happens(world, 1)
  await send()
  expect(posted).toEqual([])
})

test('an event is told as its type was chosen when it happened', async () => {
  await using world = await openOwned()
  const { posted, send, mailing, owner, clock } = world
  await happens(world, 1)
  await send()
  posted.length = 0
  clock.nowMs += 1
  await createKey(mailing, { organization: 'acme', name: title('too early'), type: 'secret' })
  await setPolicy(owner, { ...prod, mode: 'api-key' })
  await updateOrganization(mailing, { organization: 'acme', ownerMails: ['key.created'] })
  await setPolicy(owner, { ...prod, mode: 'any' })
  await createKey(mailing, { organization: 'acme', name: title('in time'), type: 'secret' })
  await updateOrganization(mailing, { organization: 'acme', ownerMails: [] })
  await updateOrganization(mailing, { organization: 'acme', name: title('Acme Ltd') })
  await createKey(mailing, { organization: 'acme', name: title('too late'), type: 'secret' })
  posted.length = 0
  clock.nowMs += OWNER_MAIL_PAUSE_MS
  await send()
  const lines = posted[0]?.text.split('\n').filter((line) => line.startsWith('- ')) ?? []
  expect(lines).toEqual([
    expect.stringContaining('is now "api-key", and was "any" before'),
    expect.stringContaining('The key "in time"'),
  ])
})

test('a clock that jumps back delays no mail', async () => {
  await using world = await openOwned()
  const { posted, send, clock } = world
  const nowMs = clock.nowMs
  clock.nowMs += 24 * HOUR_MS
  await happens(world, 1)
  await send()
  posted.length = 0
  clock.nowMs = nowMs
  await happens(world, 1)
  await send()
  expect(posted).toHaveLength(2)
  clock.nowMs += 1
  await happens(world, 1)
  await send()
  expect(posted).toHaveLength(2)
})

test('organizations that cannot be read do not keep others waiting', async () => {
  await using world = await openOwned()
  const { posted, store, clock } = world
  const due = 100
  await store.write(async (tx) => {
    for (let index = 0; index < due; index += 1) await insertOrganization(tx, `a-${index}`)
  })
  await store.write(async (tx) => {
    for (let index = 0; index < due; index += 1)
      tx.audit(entry(`a-${index}`, { action: 'keys.expired', atMs: clock.nowMs }))
  })
  await happens(world, 1)
  const broken: SendOwnerMailsDeps['store'] = {
    ownerMailQueues: store.ownerMailQueues,
    read: {
      ...store.read,
      organizations: {
        ...store.read.organizations,
        async get(slug) {
          if (slug.startsWith('a-')) throw new Error('broken')
          return await store.read.organizations.get(slug)
        },
      },
    },
  }
  const faults: string[] = []
  const deps = { ...deliveryOf(world), store: broken, mails: mailsOf(posted) }
  for (let call = 0; call < 2; call += 1) await sendOwnerMails(deps, (_, slug) => void faults.push(slug))
  expect(faults).toHaveLength(due)
  expect(posted).toHaveLength(2)
})

test('mails that still wait hold up the next ones, which are not lost', async () => {
  await using world = await openOwned()
  const { posted } = world
  await happens(world, 1)
  world.waiting.count = MAILS_WAITING_MAX
  await world.send()
  expect(posted).toEqual([])
  world.waiting.count -= 1
  await world.send()
  expect(posted).toHaveLength(2)
})

test.each([
  [
    'a person who accepted an invitation',
    'mem_nora',
    'members.add',
    'Nora became a member, with the roles: developer',
  ],
  ['another person', 'mem_paul', 'members.add', 'Nora became a member, with the roles: developer (by paul)'],
  ['a person who left', 'mem_nora', 'members.remove', 'Nora is no longer a member (by nora)'],
  [
    'a session of a portal',
    'portal-session/por_1',
    'members.add',
    'Nora became a member, with the roles: developer (by a portal session)',
  ],
  ['the server', 'housekeeping', 'members.add', 'Nora became a member, with the roles: developer'],
])('%s is named as a reader would', async (_, actor, action, sentence) => {
  await using world = await openOwned()
  const state = { id: 'mem_nora', name: 'Nora', roles: ['developer'] }
  await happens(world, 1, { action, actor, target: 'member/mem_nora', before: state, after: state })
  await world.send()
  expect(world.posted[0]?.subject).toBe(`Acme: ${sentence}`)
})

test('a long subject ends between two characters', async () => {
  await using world = await openOwned()
  await happens(world, 1, {
    action: 'members.add',
    target: 'member/mem_x',
    after: { id: 'mem_x', name: 'x', roles: ['😀'.repeat(39), `x${'😀'.repeat(39)}`] },
  })
  await world.send()
  expect(world.posted[0]?.subject).toMatch(/😀…$/u)
})

test('an organization that cannot be read keeps its events, and delays no other', async () => {
  await using world = await openOwned()
  const { posted, store, clock, owner } = world
  await store.write(async (tx) => {
    const member = person('mem_rival')
    await tx.people.insert(member)
    await insertMember(tx, owner, { organization: 'rival', person: member, roles: ['owner'] })
  })
  await happens(world, 1)
  const members = { ...store.read.members }
  const broken: SendOwnerMailsDeps['store'] = {
    ownerMailQueues: store.ownerMailQueues,
    read: {
      ...store.read,
      members: {
        ...members,
        async list(organization, page) {
          if (organization === 'acme') throw new Error('broken')
          return await members.list(organization, page)
        },
      },
    },
  }
  const faults: unknown[] = []
  const deps = { ...deliveryOf(world), mails: mailsOf(posted) }
  await sendOwnerMails({ ...deps, store: broken }, (cause, organization) =>
    faults.push([organization, String(cause)]),
  )
  expect(faults).toEqual([['acme', 'Error: broken']])
  expect(posted.map(({ to }) => to)).toEqual(['mem_rival@example.com'])
  clock.nowMs += FAULT_PAUSE_MS
  await world.send()
  expect(posted.map(({ to }) => to)).toEqual([
    'mem_rival@example.com',
    'mem_paul@example.com',
    'mem_rosa@example.com',
  ])
})

test('an organization whose owners are keys only has no mails', async () => {
  await using world = await openWorld()
  const posted: Mail[] = []
  await happens(world, 1)
  const send = () =>
    sendOwnerMails({ ...deliveryOf(world), mails: mailsOf(posted) }, (cause) =>
      expect.unreachable(String(cause)),
    )
  await send()
  await send()
  expect(posted).toEqual([])
})

test('a hostile name adds no header and no link to a mail', async () => {
  await using world = await openOwned()
  await using server = await startMailServer()
  await using sender = openTestOutbox({ port: server.port })
  const name = 'x"\r\nBcc: eve@evil.example\r\n\r\nhttps://evil.example/reset'
  await happens(world, 1, {
    action: 'members.add',
    actor: 'mem_paul',
    after: { id: 'mem_x', name, roles: [name] },
  })
  await sendOwnerMails({ ...deliveryOf(world), mails: sender.outbox }, (cause) =>
    expect.unreachable(String(cause)),
  )
  const mails: readonly ReceivedMail[] = await server.received(2)
  for (const mail of mails) {
    expect(mail.to).toHaveLength(1)
    expect(mail.header('bcc')).toBeUndefined()
    expect(mail.text).toContain('became a member')
    expect(mail.text).toContain('(by paul)')
    expect(mail.text.match(/https?:\/\/\S+/g)).toEqual([PUBLIC_URL])
    expect(mail.source).not.toContain('evil.example')
  }
})

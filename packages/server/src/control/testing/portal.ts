import { ACME, type AcmeWorld, type Answer, type Json, textOf } from './control-world.ts'
import { cookieOf } from './people.ts'

type Headers = Readonly<Record<string, string>>

/** Every scope of a portal session. */
export const ALL_SCOPES = ['keys.read', 'keys.create', 'keys.roll', 'keys.delete', 'usage.read'] as const

/** A consumer and its first key. */
export interface PortalConsumer {
  readonly id: string
  readonly name: string
  readonly key: string
  readonly token: string
}

let consumers = 0
let addresses = 0

/** An address that no request came from yet, because failures of one address are limited. */
export function newAddress(): string {
  addresses += 1
  return `198.51.${addresses >> 8}.${addresses & 255}`
}

export async function newConsumer(world: AcmeWorld, environment = 'test'): Promise<PortalConsumer> {
  consumers += 1
  const name = `shop-${consumers}`
  const { body } = await world.own('POST', `${ACME}/consumers`, { name, environment })
  return {
    id: textOf(body['consumer']?.['id']),
    name,
    key: textOf(body['key']?.['id']),
    token: textOf(body['token']),
  }
}

/** Asks for a link to the portal of a consumer; as the owner unless headers are given. */
export async function issue(
  world: AcmeWorld,
  consumer: Pick<PortalConsumer, 'id'>,
  more: object = {},
  headers: Headers = world.owner,
): Promise<Answer> {
  const body = { scopes: ALL_SCOPES, ...more }
  return await world.call('POST', `${ACME}/consumers/${consumer.id}/portal-sessions`, body, headers)
}

/** Opens a link, by default from an address of its own. */
export async function openLink(world: AcmeWorld, link: string, address = newAddress()): Promise<Answer> {
  const answer = await world.app.inject({
    method: 'POST',
    url: '/v1/portal/open',
    remoteAddress: address,
    headers: { 'user-agent': 'Test Browser' },
    payload: { secret: link.slice(link.indexOf('#') + 1) },
  })
  return { status: answer.statusCode, headers: answer.headers, body: answer.json<Json>() }
}

/** An open portal session. */
export interface OpenPortal {
  readonly id: string
  readonly headers: { readonly cookie: string }
}

/** Makes a link and opens it. */
export async function openPortal(
  world: AcmeWorld,
  consumer: Pick<PortalConsumer, 'id'>,
  more: object = {},
  headers: Headers = world.owner,
): Promise<OpenPortal> {
  const { body } = await issue(world, consumer, more, headers)
  const opened = await openLink(world, textOf(body['link']))
  if (opened.status !== 200) throw new Error(`the link got ${opened.status} ${JSON.stringify(opened.body)}`)
  return { id: textOf(body['id']), headers: { cookie: cookieOf(opened) } }
}

import type { DemoWorld } from './demo-world.ts'

/** One command to paste, and what it shows. */
export interface DemoCommand {
  readonly title: string
  readonly command: string
}

/** The demo's commands, in an order in which they work when pasted one by one. */
export function demoCommands(controlUrl: string, gatewayUrl: string, world: DemoWorld): DemoCommand[] {
  const organization = `${controlUrl}/v1/organizations/acme`
  const owner = `-H 'authorization: Bearer ${world.ownerToken}'`
  const json = `-H 'content-type: application/json'`
  const order = `${gatewayUrl}/acme/prod/orders/7`
  const call = `curl -i -H 'x-api-key: ${world.consumerToken}' ${order}`
  return [
    { title: 'A call that is let in: the upstream learns who called, and never sees the key', command: call },
    { title: 'A call without a key: 401 credential_missing', command: `curl -i ${order}` },
    {
      title: 'A pipeline that the gate refuses: 422, with what is missing and how to mend it',
      command: `curl -i ${owner} ${json} -d '{"pipeline":"reports","version":"1.0","environment":"prod"}' ${organization}/deployments`,
    },
    {
      title: 'A roll: a new secret for the same key; the old one goes on for 12 hours',
      command: `curl -i ${owner} ${json} -d '{}' ${organization}/keys/${world.consumerKeyId}/roll`,
    },
    { title: 'The old secret after the roll: still let in', command: call },
    {
      title: 'A revoke: the receipt says that the gateway has applied it',
      command: `curl -i -X DELETE ${owner} ${organization}/keys/${world.consumerKeyId}`,
    },
    { title: 'The very next call with that key: 401 key_deleted', command: call },
  ]
}

import type { DemoData } from './demo-data.ts'

/** A command to paste, and its expected result. */
export interface DemoCommand {
  readonly title: string
  readonly command: string
}

/**
 * The demo's commands, in the order in which they must be pasted.
 *
 * @param cookieFile where the commands keep the cookie of a session
 */
export function demoCommands(
  controlUrl: string,
  gatewayUrl: string,
  data: DemoData,
  cookieFile: string,
): DemoCommand[] {
  const organization = `${controlUrl}/v1/organizations/acme`
  const owner = `-H 'authorization: Bearer ${data.ownerToken}'`
  const json = `-H 'content-type: application/json'`
  const order = `${gatewayUrl}/acme/prod/orders/7`
  const call = `curl -i -H 'x-api-key: ${data.consumerToken}' ${order}`
  const partnerCall = `curl -i -H 'x-api-key: ${data.partnerToken}' ${order}`
  return [
    {
      title: 'Call with an API key: 200; the upstream receives the name of the caller, but never the key',
      command: call,
    },
    { title: 'Call without a key: 401 credential_missing', command: `curl -i ${order}` },
    {
      title: 'Deploy a pipeline that violates the policy: 422, with each violation and its fix',
      command: `curl -i ${owner} ${json} -d '{"pipeline":"reports","version":"1.0","environment":"prod"}' ${organization}/deployments`,
    },
    {
      title: 'Roll the key: 200, with a new secret; the old one stays valid for 12 hours',
      command: `curl -i ${owner} ${json} -d '{}' ${organization}/keys/${data.consumerKeyId}/roll`,
    },
    { title: 'Call with the old secret: still 200', command: call },
    {
      title: 'Delete the key: 200; the receipt confirms that the gateway has applied the change',
      command: `curl -i -X DELETE ${owner} ${organization}/keys/${data.consumerKeyId}`,
    },
    { title: 'Call with the deleted key: 401 key_deleted', command: call },
    {
      title: 'Call with a key of the organization "partner", which has a role here: 200',
      command: partnerCall,
    },
    {
      title: 'Switch the key of the partner off here: 200; in its own organization it stays as it is',
      command: `curl -i -X PATCH ${owner} ${json} -d '{"status":"inactive"}' ${organization}/external-keys/${data.externalKeyId}`,
    },
    { title: 'Call with the key of the partner: 403 pipeline_not_allowed', command: partnerCall },
    {
      title: 'Sign in as Olivia, who owns the organization: 200, with the cookie of a session',
      command: `curl -i -c ${cookieFile} ${json} -d '${JSON.stringify(data.person)}' ${controlUrl}/v1/auth/sign-in`,
    },
    {
      title: 'Invite a person in her name: 201, with a link that opens once',
      command: `curl -i -b ${cookieFile} ${json} -d '{"email":"nora@example.com","roles":["developer"]}' ${organization}/invitations`,
    },
    {
      title:
        'Ask how the calls above ended: 200, with the number of calls for each code; a new call counts after a second',
      command: `curl -i ${owner} '${organization}/usage?groupBy=code'`,
    },
  ]
}

/** Commands that the help of a command shows, without `sallyport`. Each is tested. */
export const EXAMPLES: Readonly<Record<string, readonly string[]>> = {
  whoami: ['whoami'],
  deploy: [
    'deploy --pipeline orders --version 1.0 --environment test',
    'deploy --pipeline orders --version 1.0 --environment prod --dry-run',
  ],
  promote: ['promote dep_4fT0Qm2ZrX9bLk7A --environment prod --wait'],
  rollback: ['rollback dep_4fT0Qm2ZrX9bLk7A'],
  evaluate: [`evaluate --expressions '$sum(body.prices)' --message '{ body: { prices: [1, 2] } }'`],
  usage: [
    'usage --group-by consumer --interval day --from 30d',
    'usage --pipeline orders --group-by code --interval hour --from 24h -o json',
  ],
  requests: ['requests --request-id 01a2b3c4', 'requests --code key_expired --from 15m'],
  'organizations update': ['organizations update --on-leak switch-off'],
  'environments create': ['environments create --name staging --position 1 --requires-previous'],
  'policy set': ['policy set prod --mode api-key', 'policy set prod --mode jwt-and-api-key --wait'],
  'policy preview': ['policy preview prod --mode jwt -o yaml'],
  'key-age set': ['key-age set prod --rotation-reminder-days 90 --max-lifetime-days 365'],
  'key-age set-organization': [
    'key-age set-organization --rotation-reminder-days 180 --max-lifetime-days null',
  ],
  'pipelines create': [
    'pipelines create --file orders.yaml',
    'pipelines create --name orders --project shop --spec @spec.yaml',
  ],
  'versions create': [
    'versions create orders --spec @spec.yaml --comment "Allow PUT"',
    'versions create orders --spec @spec.yaml --bump major --base 1.4',
  ],
  'deployments list': ['deployments list --environment prod'],
  'secrets set': [
    'secrets set PAYMENTS_PASSWORD --environment prod',
    'secrets set PAYMENTS_PASSWORD --environment prod < password.txt',
  ],
  'variables set': ['variables set BACKEND --environment test --value https://orders.test.example.com'],
  'issuers create': [
    'issuers create --environment prod --issuer https://login.example.com --audience orders --jwks-url https://login.example.com/jwks',
  ],
  'plans create': [
    `plans create --environment prod --name gold --rate-limits '[{ requests: 100, per: minute }]'`,
  ],
  'consumers create': [
    'consumers create --name mobile-app --environment prod --pipelines orders --pipelines invoices > token.txt',
    'consumers create --file consumer.yaml',
  ],
  'consumers list': ['consumers list --environment prod --label team:payments'],
  'consumers update': ['consumers update con_4fT0Qm2ZrX9bLk7A --status inactive --wait'],
  'basic-credentials create': [
    'basic-credentials create --consumer con_4fT0Qm2ZrX9bLk7A --username mobile-app > password.txt',
  ],
  'roles create': [
    `roles create --name deployer --permissions '[{ permission: pipelines.read }, { permission: pipelines.deploy, environment: prod }]'`,
    'roles create --file role.yaml',
  ],
  'roles preview': ['roles preview --roles developer --roles auditor'],
  'members update': ['members update usr_4fT0Qm2ZrX9bLk7A --roles developer --roles auditor'],
  'invitations create': ['invitations create --email ada@example.com --roles developer'],
  'keys list': [
    'keys list --environment prod --expires-within-days 30 --sort expiresAt',
    'keys list --unused-for-days 90 --quiet',
  ],
  'keys create': [
    'keys create --name ci --type secret --roles developer --expires-at 90d > token.txt',
    `keys create --name reports --type secret --environment prod --hand-over '{ expiresInHours: 24 }'`,
    `keys create --name partner --type secret --address-rules 203.0.113.0/24 --rate-limits '[{ requests: 10, per: second }]'`,
  ],
  'keys update': [
    'keys update key_4fT0Qm2ZrX9bLk7A --status inactive --wait',
    'keys update key_4fT0Qm2ZrX9bLk7A --expires-at null --labels team=payments',
  ],
  'keys roll': [
    'keys roll key_4fT0Qm2ZrX9bLk7A > token.txt',
    'keys roll key_4fT0Qm2ZrX9bLk7A --grace-seconds 86400 > token.txt',
  ],
  'keys lookup': ['keys lookup < token.txt'],
  'keys import': ['keys import keys.csv', 'keys import - --as ndjson < keys.ndjson'],
  'keys export': ['keys export --environment prod --as csv > keys.csv'],
  'verify token': [
    'verify token --environment prod --pipeline orders < token.txt',
    'verify token --environment prod --path /orders/7 --method PUT < token.txt',
  ],
  'verify basic': ['verify basic --environment prod --pipeline orders'],
  'rotation set': ['rotation set key_4fT0Qm2ZrX9bLk7A --rotate-every-days 30 --webhook whk_4fT0Qm2ZrX9bLk7A'],
  'portal-sessions create': [
    'portal-sessions create --consumer con_4fT0Qm2ZrX9bLk7A --scopes keys.read --scopes keys.roll',
  ],
  'external-keys create': [
    'external-keys create --key-id key_4fT0Qm2ZrX9bLk7A --label "Acme Inc." --roles invoker',
  ],
  'acceptances set': ['acceptances set key_4fT0Qm2ZrX9bLk7A --no-allowed'],
  'webhooks create': [
    'webhooks create --url https://hooks.example.com/sallyport --events key.leaked --events policy.changed > secret.txt',
  ],
  'audit list': [
    'audit list --limit 20',
    `audit list --action 'policy.*' --from 7d -o yaml`,
    'audit list --target key/key_4fT0Qm2ZrX9bLk7A',
  ],
  'audit export': ['audit export --from 30d --as csv > audit.csv'],
}

/** The examples of a command as a part of its help; empty if it has none. */
export function examplesText(words: string): string {
  const examples = EXAMPLES[words] ?? []
  if (examples.length === 0) return ''
  return [
    '',
    examples.length === 1 ? 'Example:' : 'Examples:',
    ...examples.map((one) => `  sallyport ${one}`),
  ].join('\n')
}

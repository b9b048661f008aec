import type { Reader, Store } from '../port/store.ts'
import { acceptancesExample } from './examples/acceptances.ts'
import { auditExample } from './examples/audit-events.ts'
import { basicCredentialsExample } from './examples/basic-credentials.ts'
import { consumersExample } from './examples/consumers.ts'
import { deliveriesExample } from './examples/deliveries.ts'
import { deploymentsExample } from './examples/deployments.ts'
import { environmentsExample } from './examples/environments.ts'
import { externalKeysExample } from './examples/external-keys.ts'
import { type Example, FIRST_MS, type Seed } from './examples/example.ts'
import { handOversExample } from './examples/hand-overs.ts'
import { importsExample } from './examples/imports.ts'
import { leaksExample } from './examples/leaks.ts'
import { idempotencyExample } from './examples/idempotent-answers.ts'
import { invitationsExample } from './examples/invitations.ts'
import { issuersExample } from './examples/issuers.ts'
import { keyAgesExample } from './examples/key-ages.ts'
import { keysExample } from './examples/keys.ts'
import { membersExample } from './examples/members.ts'
import { organizationsExample } from './examples/organizations.ts'
import { passkeysExample } from './examples/passkeys.ts'
import { peopleExample } from './examples/people.ts'
import { pipelinesExample } from './examples/pipelines.ts'
import { policiesExample } from './examples/policies.ts'
import { probesExample } from './examples/probes.ts'
import { portalSessionsExample } from './examples/portal-sessions.ts'
import { plansExample } from './examples/plans.ts'
import { projectsExample } from './examples/projects.ts'
import { providerLinksExample } from './examples/provider-links.ts'
import { rotationsExample } from './examples/rotations.ts'
import { rolesExample } from './examples/roles.ts'
import { scheduleRunsExample } from './examples/schedule-runs.ts'
import { environmentSecretsExample } from './examples/secrets.ts'
import { environmentVariablesExample } from './examples/variables.ts'
import { secondFactorsExample } from './examples/second-factors.ts'
import { sessionsExample } from './examples/sessions.ts'
import { signingKeysExample } from './examples/signing-keys.ts'
import { ticketsExample } from './examples/tickets.ts'
import { usageExample } from './examples/usage.ts'
import { webhooksExample } from './examples/webhooks.ts'

/**
 * The examples of all entities: an entity comes after those it refers to, and entities of the feed come in the order of
 * a snapshot.
 */
export const EXAMPLES: { readonly [Name in keyof Reader]: Example<unknown> } = {
  people: peopleExample,
  providerLinks: providerLinksExample,
  sessions: sessionsExample,
  secondFactors: secondFactorsExample,
  tickets: ticketsExample,
  passkeys: passkeysExample,
  organizations: organizationsExample,
  members: membersExample,
  invitations: invitationsExample,
  environments: environmentsExample,
  keyAges: keyAgesExample,
  projects: projectsExample,
  pipelines: pipelinesExample,
  policies: policiesExample,
  roles: rolesExample,
  plans: plansExample,
  consumers: consumersExample,
  portalSessions: portalSessionsExample,
  keys: keysExample,
  handOvers: handOversExample,
  leaks: leaksExample,
  imports: importsExample,
  rotations: rotationsExample,
  externalKeys: externalKeysExample,
  acceptances: acceptancesExample,
  signingKeys: signingKeysExample,
  issuers: issuersExample,
  environmentSecrets: environmentSecretsExample,
  environmentVariables: environmentVariablesExample,
  basicCredentials: basicCredentialsExample,
  deployments: deploymentsExample,
  probes: probesExample,
  scheduleRuns: scheduleRunsExample,
  usage: usageExample,
  webhooks: webhooksExample,
  deliveries: deliveriesExample,
  audit: auditExample,
  idempotency: idempotencyExample,
}

/** The feed kinds of all entities, in the order of a snapshot. */
export const FEED_KINDS = Object.values(EXAMPLES).flatMap(({ feedKind }) => feedKind ?? [])

/** A seed whose id is the same in every organization. */
export function seedOf(owner: string, index: number): Seed {
  return { owner, index, id: `id_${index}`, firstId: 'id_0', createdAtMs: FIRST_MS }
}

/** Inserts one example row of each entity. */
export async function insertExamples(store: Store, seed: Seed): Promise<void> {
  for (const example of Object.values(EXAMPLES)) await example.insert(store, seed)
}

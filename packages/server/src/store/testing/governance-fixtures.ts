import type { BasicCredentialRow } from '../port/basic-credentials.ts'
import type { IssuerRow } from '../port/issuers.ts'
import type { ProbeRow } from '../port/probes.ts'
import type { ScheduleRunRow } from '../port/schedule-runs.ts'
import type { EnvironmentSecretRow } from '../port/secrets.ts'
import type { SigningKeyRow } from '../port/signing-keys.ts'
import { FIRST_MS } from './fixtures.ts'

export function signingKey(owner: string, id: string, more: Partial<SigningKeyRow> = {}): SigningKeyRow {
  return {
    organization: owner,
    environment: 'test',
    id,
    algorithm: 'EdDSA',
    publicJwk: { kty: 'OKP', crv: 'Ed25519', x: `public-${id}`, kid: id, alg: 'EdDSA' },
    sealedPrivateJwk: `sealed-${id}`,
    createdAtMs: FIRST_MS,
    createdBy: 'setup',
    verifiesUntilMs: null,
    ...more,
  }
}

/** A trusted issuer, by URL unless told otherwise. */
export function issuer(owner: string, id: string, more: Partial<IssuerRow> = {}): IssuerRow {
  return {
    organization: owner,
    environment: 'test',
    id,
    issuer: `https://${id}.example/`,
    audiences: ['api'],
    jwksUrl: `https://${id}.example/jwks`,
    jwks: null,
    createdAtMs: FIRST_MS,
    createdBy: 'setup',
    ...more,
  }
}

export function environmentSecret(
  owner: string,
  id: string,
  more: Partial<EnvironmentSecretRow> = {},
): EnvironmentSecretRow {
  return {
    organization: owner,
    environment: 'test',
    id,
    name: `NAME_OF_${id}`,
    sealedValue: `sealed-${id}`,
    createdAtMs: FIRST_MS,
    updatedAtMs: FIRST_MS,
    updatedBy: 'setup',
    ...more,
  }
}

export function basicCredential(
  owner: string,
  id: string,
  more: Partial<BasicCredentialRow> = {},
): BasicCredentialRow {
  return {
    organization: owner,
    environment: 'test',
    id,
    username: `user of ${id}`,
    consumer: 'con_1',
    passwordHash: '$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA',
    createdAtMs: FIRST_MS,
    createdBy: 'setup',
    ...more,
  }
}

export function probe(owner: string, deployment: string, more: Partial<ProbeRow> = {}): ProbeRow {
  return {
    organization: owner,
    deployment,
    checkedAtMs: FIRST_MS,
    results: [{ method: 'GET', route: '/orders/:id', outcome: 'credential_missing', alarm: false }],
    alarm: false,
    ...more,
  }
}

export function run(owner: string, dueAtMs: number, more: Partial<ScheduleRunRow> = {}): ScheduleRunRow {
  return {
    organization: owner,
    environment: 'test',
    pipeline: 'orders',
    major: 1,
    dueAtMs,
    startedAtMs: dueAtMs + 5,
    finishedAtMs: null,
    outcome: null,
    ...more,
  }
}

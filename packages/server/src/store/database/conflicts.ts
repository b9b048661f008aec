import { Problem } from '@sallyport/core'

interface UniqueConstraint {
  readonly table: string
  readonly columns: readonly string[]
  readonly detail: string
}

/**
 * What it means when a row is there already, by the name of the constraint. PostgreSQL reports the name, SQLite
 * reports the columns; both lead here, so that a caller reads the same sentence.
 */
const UNIQUE_CONSTRAINTS: Readonly<Record<string, UniqueConstraint>> = {
  organizations_pkey: {
    table: 'organizations',
    columns: ['slug'],
    detail: 'An organization with this slug exists already: choose another slug.',
  },
  environments_pkey: {
    table: 'environments',
    columns: ['organization', 'name'],
    detail: 'The organization has an environment of this name already: choose another name.',
  },
  policies_pkey: {
    table: 'policies',
    columns: ['organization', 'environment', 'version'],
    detail: 'The policy was saved by somebody else meanwhile: read it again and decide.',
  },
  projects_pkey: {
    table: 'projects',
    columns: ['organization', 'name'],
    detail: 'The organization has a project of this name already: choose another name.',
  },
  pipelines_pkey: {
    table: 'pipelines',
    columns: ['organization', 'name'],
    detail:
      'The organization has a pipeline of this name already: save a new version of it, or choose another name.',
  },
  pipeline_versions_pkey: {
    table: 'pipeline_versions',
    columns: ['organization', 'pipeline', 'major', 'minor'],
    detail: 'The pipeline has this version already: every save makes a new one.',
  },
  deployments_live: {
    table: 'deployments',
    columns: ['organization', 'environment', 'pipeline', 'major'],
    detail: 'A version of this pipeline with the same major is live in the environment already.',
  },
  consumers_name: {
    table: 'consumers',
    columns: ['organization', 'environment', 'name'],
    detail: 'The environment has a consumer of this name already: choose another name.',
  },
  signing_keys_signing: {
    table: 'signing_keys',
    columns: ['organization', 'environment'],
    detail: 'Another key signs for the environment already: rotate it.',
  },
  issuers_issuer: {
    table: 'issuers',
    columns: ['organization', 'environment', 'issuer'],
    detail: 'The environment trusts this issuer already: remove it first to trust it in another way.',
  },
  environment_secrets_name: {
    table: 'environment_secrets',
    columns: ['organization', 'environment', 'name'],
    detail: 'The environment has a secret of this name already: replace its value, or choose another name.',
  },
  basic_credentials_username: {
    table: 'basic_credentials',
    columns: ['organization', 'environment', 'username'],
    detail: 'The environment has a Basic credential with this username already: choose another username.',
  },
  idempotent_answers_pkey: {
    table: 'idempotent_answers',
    columns: ['scope', 'idempotency_key'],
    detail: 'A request with this Idempotency-Key is being answered: send it again to get that answer.',
  },
}

/** A row that must be unique is there already. An unnamed constraint gets the catalogue's own sentence. */
export function uniqueConflict(constraint: string | undefined, cause: unknown): Problem {
  const known = constraint === undefined ? undefined : UNIQUE_CONSTRAINTS[constraint]
  return new Problem('conflict', known === undefined ? { cause } : { detail: known.detail, cause })
}

/** The name of the constraint over exactly these columns, written `table.column, table.column`. */
export function constraintOver(qualifiedColumns: string): string | undefined {
  for (const [name, { table, columns }] of Object.entries(UNIQUE_CONSTRAINTS)) {
    if (columns.map((column) => `${table}.${column}`).join(', ') === qualifiedColumns) return name
  }
  return undefined
}

/** SQLite does not say which reference was broken, so neither database does. */
export function referenceConflict(cause: unknown): Problem {
  return new Problem('conflict', {
    detail: 'Something that this refers to does not exist, or something else still refers to this.',
    cause,
  })
}

import { NO_KEY_AGE, Problem, type CustomRoles, type KeyId } from '@sallyport/core'
import type { ImportedLine, ImportProblem, ImportRow } from '../../store/port/keys/imports.ts'
import type { KeyRow } from '../../store/port/keys.ts'
import type { Actor } from '../access/actor.ts'
import type { OperationContext } from '../access/context.ts'
import { excessOf, NO_BOUNDS } from '../access/credential-bounds.ts'
import { isPermitted } from '../access/permission-checks.ts'
import { keyTarget } from '../access/permitted-key.ts'
import { requireCovered, roleErrors } from '../access/roles.ts'
import { KEYS_PER_CONSUMER_MAX, publicKeyErrors } from '../keys/create-key.ts'
import { expiryErrors } from '../keys/key-expiry.ts'
import type { FieldError } from '../refusals.ts'
import type { TurnFacts } from './turn-facts.ts'

/** Who imports, and when. */
export interface ImportTerms {
  readonly row: ImportRow
  readonly actor: Actor
  readonly nowMs: number
  readonly keysMax: number
}

export interface CheckedLines {
  readonly keys: readonly KeyRow[]
  readonly problems: readonly ImportProblem[]
}

/**
 * Checks lines by the rules of `createKey`. A line with a problem makes no key and hinders no other line. Problems quote
 * nothing of a line: in a file with shifted columns, any cell can hold a token.
 */
export function checkLines(
  lines: readonly ImportedLine[],
  facts: TurnFacts,
  terms: ImportTerms,
): CheckedLines {
  const rules = new LineRules(facts, terms)
  const keys: KeyRow[] = []
  const problems: ImportProblem[] = []
  for (const line of lines) {
    const message = rules.problemOf(line)
    if (message === undefined) keys.push(rules.keyOf(line))
    else problems.push({ line: line.line, message })
  }
  return { keys, problems }
}

const TAKEN_HERE = 'The token is already that of a key of this organization. Leave the line out.'
const DELETED_HERE =
  'The token is that of a deleted key of this organization, which cannot return. Create a key with a new token instead.'
/** It must not reveal that another organization has the key. */
const TAKEN = 'A key with this token cannot be made here. Create a key with a new token instead.'

class LineRules {
  readonly #facts: TurnFacts
  readonly #terms: ImportTerms
  readonly #lineOf = new Map<KeyId, number>()
  readonly #keysOfConsumers: Map<string, number>
  /** The problems of giving roles in an environment, so that each combination is checked once. */
  readonly #given = new Map<string, string | undefined>()
  #usedKeys: number

  constructor(facts: TurnFacts, terms: ImportTerms) {
    this.#facts = facts
    this.#terms = terms
    this.#keysOfConsumers = new Map(facts.keysOfConsumers)
    this.#usedKeys = facts.usedKeys
  }

  /** The environment of the line's consumer, or its own. */
  #environmentOf(line: ImportedLine): string | null {
    return this.#facts.consumerOf(line)?.environment ?? line.environment
  }

  problemOf(line: ImportedLine): string | undefined {
    const { nowMs, keysMax } = this.#terms
    const found =
      sentenceOf([...publicKeyErrors(line), ...expiryErrors('/expiresAt', line.expiresAtMs, nowMs)]) ??
      this.#placeProblem(line) ??
      this.#givenProblem(line.roles, this.#environmentOf(line)) ??
      this.#boundsProblem(line) ??
      this.#takenProblem(line.id)
    if (found !== undefined) return found
    if (this.#usedKeys >= keysMax) {
      return `The organization has at most ${keysMax} keys. Delete what you no longer need, or ask the operator to raise the quota "keys".`
    }
    const consumer = this.#facts.consumerOf(line)
    if (consumer !== undefined) {
      const count = this.#keysOfConsumers.get(consumer.id) ?? 0
      if (count >= KEYS_PER_CONSUMER_MAX) {
        return `A consumer has at most ${KEYS_PER_CONSUMER_MAX} keys. Delete an unused one.`
      }
      this.#keysOfConsumers.set(consumer.id, count + 1)
    }
    this.#usedKeys += 1
    this.#lineOf.set(line.id, line.line)
    return undefined
  }

  #placeProblem(line: ImportedLine): string | undefined {
    const { row } = this.#terms
    if (line.environment !== null && !this.#facts.environments.has(line.environment)) {
      return 'environment: There is no such environment. GET /environments lists all.'
    }
    const environment = this.#environmentOf(line)
    if (line.consumer !== null) {
      const consumer = this.#facts.consumerOf(line)
      const isVisible =
        consumer !== undefined && this.#may('consumers.read', { environment: consumer.environment })
      if (!isVisible) {
        return `consumer: There is no such consumer${line.environment === null ? '. Name its environment too, or use its id' : ' in the environment'}.`
      }
      if (line.environment !== null && line.environment !== consumer.environment) {
        return 'environment: The consumer belongs to another environment. Its keys belong to the same one.'
      }
    }
    if (this.#may('keys.create', keyTarget({ environment }))) return undefined
    const where = environment === null ? 'without an environment' : 'in this environment'
    return `You lack the permission keys.create for keys ${where} of the organization ${row.organization}.`
  }

  #may(
    permission: 'consumers.read' | 'keys.create' | 'keys.read',
    target: { readonly environment?: string },
  ) {
    return isPermitted(this.#terms, this.#terms.row.organization, permission, target)
  }

  #givenProblem(roles: readonly string[], environment: string | null): string | undefined {
    if (roles.length === 0) return undefined
    const name = JSON.stringify([environment, roles])
    if (!this.#given.has(name))
      this.#given.set(name, givenProblem(this.#terms, this.#facts.custom, roles, environment))
    return this.#given.get(name)
  }

  #boundsProblem({ expiresAtMs }: ImportedLine): string | undefined {
    const { bounds } = this.#terms.actor
    const excess = bounds === undefined ? [] : excessOf(bounds, { ...NO_BOUNDS, expiresAtMs })
    if (excess.length === 0) return undefined
    return `The ${excess.join(' and the ')} would allow more than the key that imports. Use a key without these bounds.`
  }

  #takenProblem(id: KeyId): string | undefined {
    const earlier = this.#lineOf.get(id)
    if (earlier !== undefined) return `Line ${earlier} has the same token. Leave one of them out.`
    const owner = this.#facts.taken.get(id)
    if (owner === undefined) return undefined
    const isKnown =
      owner.organization === this.#terms.row.organization && this.#may('keys.read', keyTarget(owner))
    if (!isKnown) return TAKEN
    return owner.deletedAtMs === null ? TAKEN_HERE : DELETED_HERE
  }

  keyOf(line: ImportedLine): KeyRow {
    const { row, nowMs } = this.#terms
    const { id, digest, hint, name, type, roles, active, expiresAtMs, labels } = line
    return {
      organization: row.organization,
      id,
      name,
      type,
      environment: this.#environmentOf(line),
      consumer: this.#facts.consumerOf(line)?.id ?? null,
      roles,
      active,
      createdAtMs: nowMs,
      createdBy: row.createdBy,
      expiresAtMs,
      deletedAtMs: null,
      addressRules: [],
      rateLimits: [],
      labels,
      publicTokens: [],
      // Not stored: it follows from the policy of the environment.
      age: NO_KEY_AGE,
      secrets: [
        {
          sequence: 1,
          digest,
          hint,
          createdAtMs: nowMs,
          expiresAtMs: null,
          requests: 0,
          lastUsedAtMs: null,
          lastUsedAddress: null,
        },
      ],
    }
  }
}

/** The problem of giving roles to a key in an environment. A person had to confirm who they are when the import began. */
function givenProblem(
  { row, actor }: ImportTerms,
  custom: CustomRoles,
  roles: readonly string[],
  environment: string | null,
): string | undefined {
  if (roleErrors('', roles, custom).length > 0) {
    return 'roles: There is no such role, one is listed twice, or there are too many. GET /roles lists all.'
  }
  const context: Pick<OperationContext, 'actor' | 'nowMs'> = { actor, nowMs: () => row.createdAtMs }
  try {
    requireCovered(context, { organization: row.organization, roles, environment }, custom)
    return undefined
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    return `roles: ${error.detail ?? error.message}`
  }
}

/** The first of these errors as a sentence, with the name of its field. */
function sentenceOf([first]: readonly FieldError[]): string | undefined {
  return first && `${first.path.slice(1)}: ${first.message}`
}

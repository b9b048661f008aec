import type { Branded } from '../fields/parsed.ts'
import { PERMISSION_SCOPES } from './permission-scopes.ts'
import { TARGET_FIELDS, type Grant, type Target } from './permissions.ts'

/** The permissions of a custom role: not too many, each once, and none with a scope that it cannot have. */
export type RolePermissions = Branded<readonly Grant[], 'RolePermissions'>

/** The most custom roles of one organization: every gateway keeps them in memory. */
export const ROLES_PER_ORGANIZATION_MAX = 100
/** The most permissions of one role: a decision reads them one after the other. */
export const PERMISSIONS_PER_ROLE_MAX = 200

/** What is wrong with a list of permissions; `path` leads to the wrong part, and is empty for the list itself. */
interface PermissionProblem {
  readonly path: readonly (string | number)[]
  readonly problem: string
}

type ParsedPermissions =
  | { readonly ok: true; readonly value: RolePermissions }
  | { readonly ok: false; readonly problems: readonly PermissionProblem[] }

/** A permission as a request has it. */
type SentGrant = Pick<Grant, 'permission'> & { readonly [Field in keyof Target]?: string | undefined }

/** Parses the permissions of a role. Whether the places in their scopes exist is for the caller to check. */
export function parseRolePermissions(sent: readonly SentGrant[]): ParsedPermissions {
  if (sent.length < 1 || sent.length > PERMISSIONS_PER_ROLE_MAX) {
    const problem = `A role has 1 to ${PERMISSIONS_PER_ROLE_MAX} permissions.`
    return { ok: false, problems: [{ path: [], problem }] }
  }
  const grants = sent.map(grantOf)
  const texts = grants.map((grant) => JSON.stringify(grant))
  const first = new Map<string, number>()
  for (const [index, text] of texts.entries()) if (!first.has(text)) first.set(text, index)
  const problems = grants.flatMap((grant, index) => [
    ...scopeProblems(grant, index),
    ...(first.get(texts[index] ?? '') === index
      ? []
      : [{ path: [index], problem: 'This permission is listed twice.' }]),
  ])
  return problems.length === 0
    ? { ok: true, value: grants as readonly Grant[] as RolePermissions }
    : { ok: false, problems }
}

/** A grant with its members in one order and none undefined, so that equal grants have the same JSON. */
function grantOf({ permission, environment, project, pipeline }: SentGrant): Grant {
  return {
    permission,
    ...(environment === undefined ? {} : { environment }),
    ...(project === undefined ? {} : { project }),
    ...(pipeline === undefined ? {} : { pipeline }),
  }
}

function scopeProblems(grant: Grant, index: number): readonly PermissionProblem[] {
  const { permission } = grant
  const possible = PERMISSION_SCOPES[permission]
  return TARGET_FIELDS.filter((field) => grant[field] !== undefined && !possible.includes(field)).map(
    (field) => ({
      path: [index, field],
      problem:
        possible.length === 0
          ? `${permission} applies to the whole organization and has no scope.`
          : `${permission} can be limited to ${listOf(possible)}, and to nothing else.`,
    }),
  )
}

const PLACES = { environment: 'an environment', project: 'a project', pipeline: 'a pipeline' } as const

function listOf(fields: readonly (keyof Target)[]): string {
  return fields.map((field) => PLACES[field]).join(' or ')
}

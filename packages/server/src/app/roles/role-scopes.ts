import type { Grant, Permission, Target } from '@sallyport/core'
import type { Reader } from '../../store/port/store.ts'
import type { OperationContext } from '../access/context.ts'
import { isPermitted } from '../access/permission-checks.ts'
import { ENVIRONMENT_READS } from '../access/permitted-environment.ts'
import { conflict, type FieldError } from '../refusals.ts'

const PIPELINE_READS = ['pipelines.read'] as const satisfies readonly Permission[]

/**
 * Problems of the scopes of a role's permissions: an environment, project or pipeline that does not exist or that the
 * actor may not know about, and a pipeline in another project.
 *
 * @param before the permissions that the role has already: their scopes stay, even if the actor may not know about them
 */
export async function scopeErrors(
  context: OperationContext,
  readers: Pick<Reader, 'environments' | 'projects' | 'pipelines'>,
  organization: string,
  permissions: readonly Grant[],
  before: readonly Grant[],
): Promise<FieldError[]> {
  const environmentOf = once(async (name) => await readers.environments.get(organization, name))
  const projectOf = once(async (name) => await readers.projects.get(organization, name))
  const pipelineOf = once(async (name) => await readers.pipelines.get(organization, name))
  const own = context.actor.grantsIn(organization) ?? []
  const knows = (reads: readonly Permission[], field: keyof Target, target: Target): boolean =>
    own.some((grant) => grant[field] !== undefined && grant[field] === target[field]) ||
    reads.some((read) => isPermitted(context, organization, read, target))

  const kept = new Set(before.map((grant) => JSON.stringify(grant)))
  const errors: FieldError[] = []
  for (const [index, grant] of permissions.entries()) {
    if (kept.has(JSON.stringify(grant))) continue
    const { environment, project, pipeline } = grant
    const refuse = (field: keyof Target, message: string): void => {
      errors.push({ path: `/permissions/${index}/${field}`, message })
    }
    const where = environment === undefined ? {} : { environment }
    if (environment !== undefined) {
      const exists = (await environmentOf(environment)) !== undefined
      if (!exists || !knows(ENVIRONMENT_READS, 'environment', where)) {
        refuse('environment', `There is no environment "${environment}".`)
      }
    }
    if (project !== undefined) {
      const exists = (await projectOf(project)) !== undefined
      if (!exists || !knows(PIPELINE_READS, 'project', { ...where, project })) {
        refuse('project', `There is no project "${project}".`)
      }
    }
    if (pipeline !== undefined) {
      const row = await pipelineOf(pipeline)
      if (
        row === undefined ||
        !knows(PIPELINE_READS, 'pipeline', { ...where, project: row.project, pipeline })
      ) {
        refuse('pipeline', `There is no pipeline "${pipeline}".`)
      } else if (project !== undefined && project !== row.project) {
        refuse('pipeline', `The pipeline "${pipeline}" is not in the project "${project}".`)
      }
    }
  }
  return errors
}

/** Reads each name once, however many permissions have it in their scope. */
function once<Row>(read: (name: string) => Promise<Row>): (name: string) => Promise<Row> {
  const rows = new Map<string, Promise<Row>>()
  return async (name) => {
    const row = rows.get(name) ?? read(name)
    rows.set(name, row)
    return await row
  }
}

/**
 * Requires that no role names an environment, project or pipeline that is about to be removed: a later one of the same
 * name would get the permissions silently.
 *
 * @throws Problem `conflict`; `usedBy` lists the roles if the actor may read roles
 */
export async function requireNotInRoles(
  context: OperationContext,
  { roles }: Pick<Reader, 'roles'>,
  organization: string,
  field: keyof Target,
  name: string,
): Promise<void> {
  const using = (await roles.all(organization)).filter(({ permissions }) =>
    permissions.some((grant) => grant[field] === name),
  )
  if (using.length === 0) return
  const usedBy = isPermitted(context, organization, 'roles.read', {}) ? using.map((role) => role.name) : []
  throw conflict(
    `Roles have permissions for the ${field} "${name}"${usedBy.length === 0 ? '' : `: ${usedBy.join(', ')}`}. First remove these permissions from the roles, or remove the roles.`,
    { usedBy },
  )
}

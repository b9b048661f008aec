import type { ConsumerRow } from '../../store/port/consumers.ts'
import type { Reader } from '../../store/port/store.ts'
import type { OperationContext } from '../access/context.ts'
import { isPermitted } from '../access/permission-checks.ts'
import type { FieldError } from '../refusals.ts'
import { requireNone } from '../refusals.ts'

/** The pipelines that a consumer may call, and the projects of which it may call every pipeline. */
export type Associations = Pick<ConsumerRow, 'pipelines' | 'projects'>
export type AssociationKind = keyof Associations

const NO_ASSOCIATIONS: Associations = { pipelines: [], projects: [] }

/** How the associations were named. */
interface Naming {
  /** Those that the consumer has already: they stay, even if the actor may not read them. */
  readonly known?: Associations
  /** Where a name stands in the body. */
  readonly pathOf?: (kind: AssociationKind, index: number) => string
}

const WORDS: Readonly<Record<AssociationKind, string>> = { pipelines: 'pipeline', projects: 'project' }

/** Without duplicates, in the order in which they are read later. */
function namesIn(names: readonly string[]): string[] {
  return [...new Set(names)].toSorted()
}

/**
 * Checks the pipelines and projects of a consumer, removes duplicates and orders them.
 *
 * @param environment the consumer's
 * @throws Problem `invalid_request` listing each one that does not exist or that the actor may not read. A project needs
 *   the permission on all of its pipelines.
 */
export async function requestedAssociations(
  context: OperationContext,
  reader: Pick<Reader, 'pipelines' | 'projects'>,
  { organization, environment }: Pick<ConsumerRow, 'organization' | 'environment'>,
  requested: Associations,
  { known = NO_ASSOCIATIONS, pathOf = (kind, index) => `/${kind}/${index}` }: Naming = {},
): Promise<Associations> {
  const isReadable: Readonly<Record<AssociationKind, (name: string) => Promise<boolean>>> = {
    async pipelines(pipeline) {
      const row = await reader.pipelines.get(organization, pipeline)
      if (row === undefined) return false
      const { project } = row
      return isPermitted(context, organization, 'pipelines.read', { environment, project, pipeline })
    },
    async projects(project) {
      if ((await reader.projects.get(organization, project)) === undefined) return false
      return isPermitted(context, organization, 'pipelines.read', { environment, project })
    },
  }
  const errors: FieldError[] = []
  for (const kind of ['pipelines', 'projects'] as const) {
    for (const [index, name] of requested[kind].entries()) {
      if (known[kind].includes(name) || (await isReadable[kind](name))) continue
      errors.push({ path: pathOf(kind, index), message: `There is no ${WORDS[kind]} "${name}".` })
    }
  }
  requireNone(errors)
  return { pipelines: namesIn(requested.pipelines), projects: namesIn(requested.projects) }
}

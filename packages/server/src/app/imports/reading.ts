import type { ImportReader, ImportRow, ListedImport } from '../../store/port/keys/imports.ts'
import type { Page, PageRequest } from '../../store/port/pages/paging.ts'
import type { OperationContext } from '../access/context.ts'
import { isPermitted, notFound, permissionMissing, requireMembership } from '../access/permission-checks.ts'

export interface ImportInput {
  readonly organization: string
  readonly import: string
}

/**
 * An import that the actor may see: its own, or any if it may read every key of the organization.
 *
 * @throws Problem `not_found`
 */
export async function visibleImport(
  context: OperationContext,
  imports: ImportReader,
  { organization, import: id }: ImportInput,
): Promise<ImportRow> {
  requireMembership(context, organization)
  const row = await imports.get(organization, id)
  if (row === undefined || (row.createdBy !== context.actor.id && !seesAll(context, organization))) {
    throw notFound(`import "${id}"`)
  }
  return row
}

function seesAll(context: OperationContext, organization: string): boolean {
  return isPermitted(context, organization, 'keys.read', {})
}

/** Reads one import. */
export async function getImport(context: OperationContext, input: ImportInput): Promise<ImportRow> {
  return await visibleImport(context, context.store.read.imports, input)
}

export interface ListImportsInput extends PageRequest {
  readonly organization: string
  readonly sort: 'createdAt' | '-createdAt'
}

/** Lists the imports that the actor may see. */
export async function listImports(
  context: OperationContext,
  { organization, sort, ...page }: ListImportsInput,
): Promise<Page<ListedImport>> {
  requireMembership(context, organization)
  const { imports } = context.store.read
  const order = sort === 'createdAt' ? 'oldest-first' : 'newest-first'
  if (seesAll(context, organization)) return await imports.list(organization, page, { order })
  const { actor } = context
  const creates = (actor.grantsIn(organization) ?? []).some(({ permission }) => permission === 'keys.create')
  if (!creates) throw permissionMissing(context, 'keys.read', organization)
  return await imports.list(organization, page, { order, createdBy: actor.id })
}

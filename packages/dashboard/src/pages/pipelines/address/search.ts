import { oneOf, present, text } from '../../../url/search.ts'

export const TABS = ['spec', 'deployments', 'versions'] as const
export type Tab = (typeof TABS)[number]

/** What the page of a pipeline reads from the URL. */
export function pipelineSearch(search: Readonly<Record<string, unknown>>) {
  return present({
    tab: oneOf(search, 'tab', TABS),
    /** What stands beside the page. */
    panel: oneOf(search, 'panel', [
      'deploy',
      'promote',
      'rollback',
      'redeploy',
      'try',
      'expression',
    ] as const),
    /** The environment that the panel is about. */
    to: text(search, 'to'),
    /** The version to deploy; the newest unless given. */
    version: text(search, 'version'),
    /** The deployment to promote, roll back, redeploy, end or put into maintenance. */
    deployment: text(search, 'deployment'),
    dialog: oneOf(search, 'dialog', ['undeploy', 'remove', 'maintenance'] as const),
    /** A place in the spec that is to be shown, as a JSON Pointer. */
    at: text(search, 'at'),
    /** The versions to compare. */
    before: text(search, 'before'),
    after: text(search, 'after'),
  })
}

export type PipelineSearch = ReturnType<typeof pipelineSearch>

/** Nothing of the panel. */
export const CLOSED = {
  panel: undefined,
  to: undefined,
  version: undefined,
  deployment: undefined,
  dialog: undefined,
} as const satisfies { readonly [Name in keyof PipelineSearch]?: undefined }

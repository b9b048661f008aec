import { draftPipeline, OpenApiError, type PipelineDraft } from '@sallyport/sdk/openapi'
import { t } from '../../../../texts/texts.ts'

/** What the form asks for a pipeline from a document. */
export interface DocumentOptions {
  /** Empty for the server that the document names. */
  readonly url: string
  /** Empty for all paths. */
  readonly pathPrefix: string
}

/** A draft, or why there is none; `needsUrl` if all that is missing is the URL of the upstream. */
export type Drafted =
  | { readonly draft: PipelineDraft; readonly problem?: never; readonly needsUrl?: never }
  | { readonly draft?: never; readonly problem: string; readonly needsUrl: boolean }

const ANY_URL = 'https://upstream.invalid'
/** As the server wants it: another URL is refused there. */
const URL_START = /^https?:\/\/[^/]/

export function draftOf(document: unknown, { url, pathPrefix }: DocumentOptions): Drafted {
  const options = pathPrefix === '' ? {} : { pathPrefix }
  try {
    return { draft: draftPipeline(document, { ...options, ...(url !== '' && { upstreamUrl: url }) }) }
  } catch (error) {
    if (!(error instanceof OpenApiError)) throw error
    const { form } = t.pipelines
    if (!URL_START.test(url) && draftOf(document, { url: ANY_URL, pathPrefix }).draft !== undefined)
      return { problem: url === '' ? form.openApi.noServer : form.urlWrong, needsUrl: true }
    return { problem: error.message, needsUrl: false }
  }
}

/** A name from the title of the document; undefined if nothing can be drafted from it. */
export function nameIn(document: unknown): string | undefined {
  return draftOf(document, { url: ANY_URL, pathPrefix: '' }).draft?.name
}

/** The URL of the upstream without the place of the path; empty if there is none. */
export function upstreamOf({ draft }: Drafted): string {
  const [step] = draft?.spec.steps ?? []
  const url = step !== undefined && 'proxy' in step ? step.proxy?.url : undefined
  return url?.replace(/\/\{path\}$/, '') ?? ''
}

/** A place in a document for people: `/paths/~1vets/get` is `/vets get`. */
export function placeIn(pointer: string): string {
  const parts = pointer
    .slice(1)
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
  return (parts[0] === 'paths' && parts.length > 1 ? parts.slice(1) : parts).join(' ')
}

/** What a draft has, in numbers and words. */
export interface DraftFacts {
  readonly paths: number
  readonly operations: number
  /** The operations of which what requests contain is checked. */
  readonly checked: number
  /** The credentials that callers must send. */
  readonly credentials: readonly string[]
}

export function factsOf({ spec: { trigger } }: PipelineDraft): DraftFacts {
  if (trigger.kind === 'schedule') return { paths: 0, operations: 0, checked: 0, credentials: [] }
  const methods = trigger.methods ?? []
  const routes = trigger.routes ?? []
  const all = [
    { methods, request: trigger.request },
    ...routes.map((route) => (typeof route === 'string' ? { methods, request: trigger.request } : route)),
  ]
  const count = (some: typeof all): number => some.reduce((sum, route) => sum + route.methods.length, 0)
  return {
    paths: new Set([trigger.path, ...routes.map((route) => (typeof route === 'string' ? route : route.path))])
      .size,
    operations: count(all),
    checked: count(all.filter(({ request }) => Object.keys(request ?? {}).length > 0)),
    credentials: Object.entries(trigger.authentication ?? {}).flatMap(([name, isOn]) =>
      isOn === true ? [name] : [],
    ),
  }
}

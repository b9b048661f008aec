import { type Branded, parserOf } from './parsed.ts'
import { tokenless } from './tokenless.ts'

/** The identifier of an organization in URLs. */
export type Slug = Branded<string, 'Slug'>
/** The name of an environment, a project or a pipeline; part of URLs. */
export type ResourceName = Branded<string, 'ResourceName'>
/** The name of a consumer; gateways send it to upstreams in a header. */
export type ConsumerName = Branded<string, 'ConsumerName'>
/** The name of a role; part of URLs. */
export type RoleName = Branded<string, 'RoleName'>

const SLUG_CHARS_MAX = 39
const RESOURCE_NAME_CHARS_MAX = 63
const CONSUMER_NAME_CHARS_MAX = 128
const ROLE_NAME_CHARS_MAX = 39

export const SLUG = new RegExp(`^[a-z][a-z0-9-]{1,${SLUG_CHARS_MAX - 1}}$`)
export const RESOURCE_NAME = new RegExp(`^[a-z][a-z0-9-]{0,${RESOURCE_NAME_CHARS_MAX - 1}}$`)
/** Printable ASCII without spaces at the ends, so that a header can carry it (RFC 9110 section 5.5). */
export const CONSUMER_NAME = new RegExp(`^[!-~](?:[ -~]{0,${CONSUMER_NAME_CHARS_MAX - 2}}[!-~])?$`)
export const ROLE_NAME = new RegExp(`^[a-z][a-z0-9-]{1,${ROLE_NAME_CHARS_MAX - 1}}$`)

/** Slugs that would collide with paths of the gateway and the control plane. */
const RESERVED_SLUGS: ReadonlySet<string> = new Set(['authz', 'healthz', 'readyz', 'metrics', 'docs', 'v1'])

export const parseSlug = parserOf<string, 'Slug'>(
  (text) => SLUG.test(text),
  `A slug has 2 to ${SLUG_CHARS_MAX} characters of a-z, 0-9 and "-", and starts with a letter.`,
)

/** Whether Sallyport uses a slug for paths of its own, so that no organization can have it. */
export function isReservedSlug(slug: Slug): boolean {
  return RESERVED_SLUGS.has(slug)
}

export const parseResourceName = parserOf<string, 'ResourceName'>(
  (text) => RESOURCE_NAME.test(text),
  `A name has 1 to ${RESOURCE_NAME_CHARS_MAX} characters of a-z, 0-9 and "-", and starts with a letter.`,
)

export const parseConsumerName = tokenless(
  parserOf<string, 'ConsumerName'>(
    (text) => CONSUMER_NAME.test(text),
    `A consumer name has 1 to ${CONSUMER_NAME_CHARS_MAX} printable ASCII characters and no space at either end.`,
  ),
)

export const parseRoleName = parserOf<string, 'RoleName'>(
  (text) => ROLE_NAME.test(text),
  `A role name has 2 to ${ROLE_NAME_CHARS_MAX} characters of a-z, 0-9 and "-", and starts with a letter.`,
)

/** The most characters of a name or id that refers to a resource; no name or id is longer. */
export const REFERENCE_CHARS_MAX = 128
/** The most pipelines that one consumer may call by associations of its own. */
export const PIPELINES_PER_CONSUMER_MAX = 256
/** The most projects of which one consumer may call every pipeline. */
export const PROJECTS_PER_CONSUMER_MAX = 64

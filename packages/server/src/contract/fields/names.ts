import {
  CONSUMER_NAME,
  DESCRIPTION,
  DESCRIPTION_CHARS_MAX,
  parseConsumerName,
  parseDescription,
  parseResourceName,
  parseSlug,
  parseTitle,
  parseUsername,
  REFERENCE_CHARS_MAX,
  RESOURCE_NAME,
  SLUG,
  TITLE,
  TITLE_CHARS_MAX,
  USERNAME,
} from '@sallyport/core'
import { z } from 'zod'
import { documentedString, parsed } from './parsed.ts'

export const slug = parsed(documentedString({ pattern: SLUG }), parseSlug)

/** The name of an environment, a project or a pipeline. */
export const resourceName = parsed(documentedString({ pattern: RESOURCE_NAME }), parseResourceName)

export const consumerName = parsed(documentedString({ pattern: CONSUMER_NAME }), parseConsumerName)

/** A name for people to read. */
export const title = parsed(
  documentedString({ minLength: 1, maxLength: TITLE_CHARS_MAX, pattern: TITLE }),
  parseTitle,
)

export const description = parsed(
  documentedString({ maxLength: DESCRIPTION_CHARS_MAX, pattern: DESCRIPTION }),
  parseDescription,
)

export const username = parsed(
  documentedString({ pattern: USERNAME }).describe('Unique within the environment of the consumer.'),
  parseUsername,
)

/** The name or id of a resource; the operation checks whether the resource exists. */
export const reference = z
  .string()
  .min(1)
  .max(REFERENCE_CHARS_MAX)
  .regex(/^[ -~]*$/, 'A name or id consists of printable ASCII characters.')

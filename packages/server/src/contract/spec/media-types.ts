import { z } from 'zod'

const MEDIA_TYPES_MAX = 50

/** A media type or a range of one type, in lower case (RFC 9110 section 8.3.1). */
const MEDIA_TYPE = /^[a-z0-9][a-z0-9!#$&^_.+-]{0,126}\/(?:\*|[a-z0-9][a-z0-9!#$&^_.+-]{0,126})$/

/** A list of media types and ranges. */
export const mediaTypes = z
  .array(z.string().regex(MEDIA_TYPE, 'Use a media type in lower case, such as application/json or image/*.'))
  .min(1)
  .max(MEDIA_TYPES_MAX)

export { SPEC_SCHEMA } from './generated/spec-schema.ts'
export type { JsonSchema } from './schemas/json-schema.ts'

import { z } from 'zod'
import { organizationCreation } from './organizations.ts'

const SETUP_TOKEN_CHARS_MAX = 512

export const setupRequest = z.strictObject({
  setupToken: z.string().min(1).max(SETUP_TOKEN_CHARS_MAX),
  organization: organizationCreation,
})

import { z } from 'zod'
import { timestamp } from './timestamp.ts'

/** The fields of a resource about its creation: the time and the creator. */
export const createdAt = timestamp.describe('When it was created.')

export const createdBy = z.string().describe('Who created it: the id of a key, or `setup`.')

import type { Knowledge } from '../../../parts/code-editor/knowledge.ts'
import { helpAt } from './about.ts'
import { completionsAt } from './completions.ts'

/** What the editor knows about specs, from their schema. */
export const SPEC_KNOWLEDGE: Knowledge = { complete: completionsAt, help: helpAt }

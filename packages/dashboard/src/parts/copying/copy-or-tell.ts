import { t } from '../../texts/texts.ts'
import { warn } from '../messages/say.ts'
import { copyText } from './copy-text.ts'

/** Copies a text for a button that goes away with what it copies, and tells the person if that did not work. */
export async function copyOrTell(text: string): Promise<boolean> {
  const isCopied = await copyText(text)
  if (!isCopied) warn(t.parts.notCopied)
  return isCopied
}

/** What comes within a short time of each other is written at once: one write costs as much as one. */
export class WrittenTogether<Item> {
  readonly #write: (items: Item[]) => void
  readonly #pause: () => Promise<void>
  #items: Item[] = []
  #written: Promise<void> | undefined

  /** `write` stores items for good, in their order. `pause` resolves when others had their time. */
  constructor(write: (items: Item[]) => void, pause: () => Promise<void>) {
    this.#write = write
    this.#pause = pause
  }

  /** Resolves when all is stored that was added before. */
  written(): Promise<void> {
    return this.#written ?? Promise.resolve()
  }

  /** Resolves when the item is stored. */
  add(item: Item): Promise<void> {
    this.#items.push(item)
    this.#written ??= this.#writeAfterPause()
    return this.#written
  }

  async #writeAfterPause(): Promise<void> {
    await this.#pause()
    const items = this.#items
    this.#items = []
    this.#written = undefined
    this.#write(items)
  }
}

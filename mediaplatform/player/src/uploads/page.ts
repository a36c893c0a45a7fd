// The page of a new delivery: its drop zone, its fields and its buttons around one upload.
import { Problem } from "../playback/api";
import { type Chosen, fromDrop, fromField } from "./chosen";
import { Sending } from "./sending";
import * as steps from "./steps";
import { View } from "./view";

const OPEN = "upload"; // in the page's address: the upload that goes on after a reload

/** Bind the page's uploader. */
export function openUploader(root: HTMLElement): void {
  if (root.dataset["bound"]) return;
  root.dataset["bound"] = "yes";
  root.classList.add("upload--script");
  new Uploader(root).bind();
}

class Uploader {
  private readonly view: View;
  private sending: Sending | null = null;
  private beginning: Promise<Sending> | null = null;
  private isArmed = false;

  constructor(private readonly root: HTMLElement) {
    this.view = new View(root, (name, places = {}) => this.say(name, places));
  }

  bind(): void {
    const zone = this.find("[data-part=zone]");
    for (const name of ["dragenter", "dragover"]) zone.addEventListener(name, (event) => this.hover(event as DragEvent, true));
    for (const name of ["dragleave", "drop"]) zone.addEventListener(name, (event) => this.hover(event as DragEvent, false));
    zone.addEventListener("drop", (event) => {
      const transfer = event.dataTransfer;
      if (transfer) void this.take(fromDrop(transfer));
    });
    for (const field of this.root.querySelectorAll<HTMLInputElement>("input[type=file]")) {
      field.addEventListener("change", () => {
        void this.take(Promise.resolve(fromField(field)));
        field.value = ""; // the same choice again is a choice
      });
    }
    this.on("pause", () => this.sending?.pause());
    this.on("go-on", () => this.sending?.goOn());
    this.on("cancel", () => void this.cancel());
    this.on("deliver", () => this.arm());
    this.find("form").addEventListener("submit", (event) => event.preventDefault());
    window.addEventListener("beforeunload", (event) => {
      if (this.root.isConnected && this.sending && !this.sending.isComplete) event.preventDefault();
    });
  }

  private async take(choosing: Promise<Chosen[]>): Promise<void> {
    this.view.complain([]);
    try {
      const chosen = await choosing;
      if (chosen.length === 0) {
        this.view.announce(this.say("nothing"));
        return;
      }
      this.view.announce(this.say("chosen", { files: chosen.length }));
      const sending = await this.begin();
      await sending.add(chosen);
    } catch (error) {
      this.view.complain(this.linesOf(error));
    }
  }

  /** Return the upload that is under way: that of the address, else a new one. */
  private begin(): Promise<Sending> {
    this.beginning ??= this.open().catch((error: unknown) => {
      this.beginning = null;
      throw error;
    });
    return this.beginning;
  }

  private async open(): Promise<Sending> {
    const known = new URLSearchParams(location.search).get(OPEN);
    const upload = known ? await steps.show(known) : await steps.begin(this.field.value);
    const address = new URL(location.href);
    address.searchParams.set(OPEN, upload.id);
    history.replaceState(history.state, "", address);
    this.field.disabled = true;
    const sending = new Sending(upload.id);
    sending.addEventListener("change", () => this.view.plan(sending, this.isArmed));
    sending.addEventListener("trouble", () => this.view.announce(this.say("trouble", { seconds: Math.ceil(sending.troubleS) })));
    sending.addEventListener("idle", () => void this.deliverIfArmed());
    this.sending = sending;
    return sending;
  }

  private arm(): void {
    this.isArmed = true;
    if (this.sending) this.view.plan(this.sending, true);
    void this.deliverIfArmed();
  }

  private async deliverIfArmed(): Promise<void> {
    const sending = this.sending;
    if (!this.isArmed || !sending?.isComplete) return;
    try {
      const delivery = await steps.deliver(sending.id);
      this.sending = null; // nothing to warn of any more
      location.assign((this.root.dataset["deliveryUrl"] ?? "").replace("/0/", `/${delivery.id}/`));
    } catch (error) {
      this.isArmed = false;
      this.view.plan(sending, false);
      this.view.complain(this.linesOf(error));
    }
  }

  private async cancel(): Promise<void> {
    const sending = this.sending;
    if (!sending || !window.confirm(this.say("sure"))) return;
    sending.pause();
    await steps.cancel(sending.id).catch(() => undefined); // what stays is swept
    this.sending = null;
    location.assign(location.pathname);
  }

  private get field(): HTMLSelectElement {
    return this.find("[name=deliverer]") as HTMLSelectElement;
  }

  private hover(event: DragEvent, isOver: boolean): void {
    event.preventDefault();
    this.find("[data-part=zone]").classList.toggle("upload__zone--over", isOver);
  }

  private linesOf(error: unknown): string[] {
    if (error instanceof Problem) return [error.message, ...error.faults.map((fault) => fault.detail)];
    if (error instanceof TypeError || error instanceof steps.PartFailed) return [this.say("network")];
    return [this.say("unreadable")];
  }

  private on(part: string, act: () => void): void {
    this.find(`[data-part=${part}]`).addEventListener("click", act);
  }

  private find(selector: string): HTMLElement {
    const found = this.root.querySelector<HTMLElement>(selector);
    if (!found) throw new Error(`the page has no ${selector}`);
    return found;
  }

  /** Return words of the page, in its language, with `{name}` places filled in. */
  private say(name: string, places: Record<string, string | number> = {}): string {
    const key = `say-${name}`.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
    const text = this.root.dataset[key] ?? name;
    return text.replace(/\{(\w+)\}/g, (whole, place: string) => String(places[place] ?? whole));
  }
}

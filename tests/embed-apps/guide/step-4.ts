import crypto from "node:crypto";
import { WEBHOOK_HEADERS, EVENT_NAMES } from "@platform/contracts";
app.post("/webhooks/loop", (req, res) => {
const sig = req.header(WEBHOOK_HEADERS.SIGNATURE);
const expected = crypto
.createHmac("sha256", process.env.LOOP_WEBHOOK_SECRET!)
.update(rawBody)
.digest("hex");
if (!crypto.timingSafeEqual(Buffer.from(sig!), Buffer.from(expected))) {
return res.status(401).end();
}
const eventId = req.header(WEBHOOK_HEADERS.EVENT_ID);
if (await alreadyProcessed(eventId)) return res.status(200).end();
const event = JSON.parse(rawBody);
switch (event.type) {
case EVENT_NAMES.CLINICAL_BIOMARKER_PARSED_V1:
await handleBiomarker(event.data);
break;
// ... more event types
}
await markProcessed(eventId);
res.status(200).end();
});

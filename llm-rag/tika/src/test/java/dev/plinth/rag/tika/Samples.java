package dev.plinth.rag.tika;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.common.PDMetadata;
import org.apache.pdfbox.pdmodel.encryption.AccessPermission;
import org.apache.pdfbox.pdmodel.encryption.StandardProtectionPolicy;
import org.apache.pdfbox.pdmodel.font.PDType1Font;
import org.apache.pdfbox.pdmodel.font.Standard14Fonts;
import org.apache.poi.hslf.usermodel.HSLFSlideShow;
import org.apache.poi.hssf.usermodel.HSSFWorkbook;
import org.apache.poi.poifs.crypt.EncryptionInfo;
import org.apache.poi.poifs.crypt.EncryptionMode;
import org.apache.poi.poifs.crypt.Encryptor;
import org.apache.poi.poifs.filesystem.POIFSFileSystem;
import org.apache.poi.sl.usermodel.Slide;
import org.apache.poi.sl.usermodel.SlideShow;
import org.apache.poi.ss.usermodel.Row;
import org.apache.poi.ss.usermodel.Sheet;
import org.apache.poi.ss.usermodel.Workbook;
import org.apache.poi.xslf.usermodel.XMLSlideShow;
import org.apache.poi.xssf.usermodel.XSSFWorkbook;
import org.apache.poi.xwpf.usermodel.XWPFDocument;
import org.apache.poi.xwpf.usermodel.XWPFParagraph;
import org.apache.poi.xwpf.usermodel.XWPFStyle;
import org.apache.poi.xwpf.usermodel.XWPFTable;
import org.openxmlformats.schemas.wordprocessingml.x2006.main.CTStyle;
import org.openxmlformats.schemas.wordprocessingml.x2006.main.STStyleType;

/** Small real files. */
final class Samples {
    private Samples() {}

    private interface Saving {
        void to(ByteArrayOutputStream out) throws IOException;
    }

    private static byte[] saved(Saving saving) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        saving.to(out);
        return out.toByteArray();
    }

    /** A page for each list of lines. */
    @SafeVarargs
    static byte[] pdf(List<String>... pages) throws IOException {
        try (PDDocument document = pages(pages)) {
            document.getDocumentInformation().setTitle("Annual report");
            document.getDocumentInformation().setAuthor("Ada Lovelace");
            return saved(document::save);
        }
    }

    /** @param noise how many characters of its XMP metadata say nothing, and can hardly be packed */
    static byte[] pdfWithXmp(String title, int noise) throws IOException {
        Random random = new Random(7);
        StringBuilder xmp = new StringBuilder("<x:xmpmeta xmlns:x='adobe:ns:meta/'>"
                + "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>"
                + "<rdf:Description xmlns:dc='http://purl.org/dc/elements/1.1/'><dc:title><rdf:Alt>"
                + "<rdf:li xml:lang='x-default'>" + title + "</rdf:li></rdf:Alt></dc:title></rdf:Description>"
                + "</rdf:RDF></x:xmpmeta><!--");
        for (int i = 0; i < noise; i++) {
            xmp.append((char) ('a' + random.nextInt(26)));
        }
        byte[] metadata = xmp.append("-->").toString().getBytes(StandardCharsets.UTF_8);
        try (PDDocument document = pages(List.of("words"))) {
            document.getDocumentCatalog().setMetadata(new PDMetadata(document, new ByteArrayInputStream(metadata)));
            return saved(document::save);
        }
    }

    static byte[] encryptedPdf() throws IOException {
        try (PDDocument document = pages(List.of("top secret"))) {
            document.protect(new StandardProtectionPolicy("owner", "user", new AccessPermission()));
            return saved(document::save);
        }
    }

    @SafeVarargs
    private static PDDocument pages(List<String>... pages) throws IOException {
        PDDocument document = new PDDocument();
        PDType1Font font = new PDType1Font(Standard14Fonts.FontName.HELVETICA);
        for (List<String> lines : pages) {
            PDPage page = new PDPage();
            document.addPage(page);
            try (PDPageContentStream content = new PDPageContentStream(document, page)) {
                content.beginText();
                content.setFont(font, 12);
                content.setLeading(14);
                content.newLineAtOffset(72, 700);
                for (String line : lines) {
                    content.showText(line);
                    content.newLine();
                }
                content.endText();
            }
        }
        return document;
    }

    static byte[] docx() throws IOException {
        try (XWPFDocument document = new XWPFDocument()) {
            document.createStyles();
            CTStyle style = CTStyle.Factory.newInstance();
            style.setStyleId("Heading1");
            style.addNewName().setVal("heading 1");
            style.setType(STStyleType.PARAGRAPH);
            document.getStyles().addStyle(new XWPFStyle(style));
            XWPFParagraph heading = document.createParagraph();
            heading.setStyle("Heading1");
            heading.createRun().setText("Prices");
            document.createParagraph().createRun().setText("What it costs, in euros.");
            XWPFTable table = document.createTable(2, 2);
            table.getRow(0).getCell(0).setText("Size");
            table.getRow(0).getCell(1).setText("Price");
            table.getRow(1).getCell(0).setText("small | flat");
            table.getRow(1).getCell(1).setText("4.20");
            document.createParagraph().createRun().setText("After the table.");
            document.getProperties().getCoreProperties().setTitle("Price list");
            document.getProperties().getCoreProperties().setCreator("Grace Hopper");
            return saved(document::write);
        }
    }

    static byte[] docxWith(String body) throws IOException {
        return docxWith("", body);
    }

    /** With this before the document, such as a document type. */
    static byte[] docxWith(String prologue, String body) throws IOException {
        String office = "http://schemas.openxmlformats.org/";
        String word = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml";
        return zip(Map.of(
                "[Content_Types].xml",
                "<Types xmlns=\"" + office + "package/2006/content-types\">"
                        + "<Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>"
                        + "<Override PartName=\"/word/document.xml\" ContentType=\"" + word + "\"/></Types>",
                "_rels/.rels",
                "<Relationships xmlns=\"" + office + "package/2006/relationships\"><Relationship Id=\"r1\" Type=\""
                        + office + "officeDocument/2006/relationships/officeDocument\" Target=\"word/document.xml\"/>"
                        + "</Relationships>",
                "word/document.xml",
                prologue + "<w:document xmlns:w=\"" + office + "wordprocessingml/2006/main\"><w:body>" + body
                        + "</w:body></w:document>"));
    }

    static byte[] encryptedDocx() throws Exception {
        try (POIFSFileSystem files = new POIFSFileSystem()) {
            Encryptor encryptor = new EncryptionInfo(EncryptionMode.agile).getEncryptor();
            encryptor.confirmPassword("secret");
            try (OutputStream data = encryptor.getDataStream(files)) {
                data.write(docx());
            }
            return saved(files::writeFilesystem);
        }
    }

    static byte[] xls() throws IOException {
        return workbook(new HSSFWorkbook());
    }

    static byte[] xlsx() throws IOException {
        return workbook(new XSSFWorkbook());
    }

    private static byte[] workbook(Workbook workbook) throws IOException {
        try (workbook) {
            Sheet sheet = workbook.createSheet("Stock");
            Row head = sheet.createRow(0);
            head.createCell(0).setCellValue("Part");
            head.createCell(1).setCellValue("Count");
            Row row = sheet.createRow(1);
            row.createCell(0).setCellValue("bolt");
            row.createCell(1).setCellValue(42);
            return saved(workbook::write);
        }
    }

    static byte[] ppt() throws IOException {
        return slides(new HSLFSlideShow());
    }

    static byte[] pptx() throws IOException {
        return slides(new XMLSlideShow());
    }

    private static byte[] slides(SlideShow<?, ?> show) throws IOException {
        try (show) {
            for (String text : List.of("First slide words", "Second slide words")) {
                Slide<?, ?> slide = show.createSlide();
                slide.createTextBox().setText(text);
            }
            return saved(show::write);
        }
    }

    static byte[] odt(String paragraphs) throws IOException {
        return odt("", """
                <office:document-content \
                xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" \
                xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" \
                xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0">\
                <office:body><office:text>""" + paragraphs + "</office:text></office:body></office:document-content>");
    }

    /** With this before the content, such as a document type. */
    static byte[] odt(String prologue, String content) throws IOException {
        String type = "application/vnd.oasis.opendocument.text";
        return zip(Map.of(
                "mimetype",
                type,
                "META-INF/manifest.xml",
                "<manifest:manifest xmlns:manifest=\"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0\">"
                        + "<manifest:file-entry manifest:full-path=\"/\" manifest:media-type=\"" + type + "\"/>"
                        + "</manifest:manifest>",
                "content.xml",
                prologue + content));
    }

    static byte[] epub() throws IOException {
        return zip(Map.of(
                "mimetype",
                "application/epub+zip",
                "META-INF/container.xml",
                "<container xmlns=\"urn:oasis:names:tc:opendocument:xmlns:container\" version=\"1.0\"><rootfiles>"
                        + "<rootfile full-path=\"book.opf\" media-type=\"application/oebps-package+xml\"/>"
                        + "</rootfiles></container>",
                "book.opf",
                "<package xmlns=\"http://www.idpf.org/2007/opf\" version=\"2.0\">"
                        + "<metadata xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><dc:title>A small book</dc:title>"
                        + "</metadata><manifest>"
                        + "<item id=\"c2\" href=\"z.xhtml\" media-type=\"application/xhtml+xml\"/>"
                        + "<item id=\"c1\" href=\"y.xhtml\" media-type=\"application/xhtml+xml\"/>"
                        + "</manifest><spine><itemref idref=\"c2\"/><itemref idref=\"c1\"/></spine></package>",
                "y.xhtml",
                xhtml("<h1>Second chapter</h1><p>The end.</p>"),
                "z.xhtml",
                xhtml("<h1>First chapter</h1><p>Once upon a time.</p>")));
    }

    private static String xhtml(String body) {
        return "<html xmlns=\"http://www.w3.org/1999/xhtml\"><head><title>x</title></head><body>" + body
                + "</body></html>";
    }

    /** The mimetype comes first, as it has to. */
    static byte[] zip(Map<String, String> entries) throws IOException {
        return saved(out -> {
            try (ZipOutputStream zip = new ZipOutputStream(out)) {
                for (String name : entries.keySet().stream()
                        .sorted((a, b) -> a.equals("mimetype") ? -1 : b.equals("mimetype") ? 1 : a.compareTo(b))
                        .toList()) {
                    zip.putNextEntry(new ZipEntry(name));
                    zip.write(entries.get(name).getBytes(StandardCharsets.UTF_8));
                    zip.closeEntry();
                }
            }
        });
    }
}

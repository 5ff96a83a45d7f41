//! Files as a spreadsheet program saves them, and how a browser uploads one.

use std::io::{Cursor, Write};

use rocket::{
    http::{ContentType, Status},
    local::asynchronous::Client,
};
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

/// A workbook whose cells are text, but for those that begin with `#`: dates, times and numbers.
pub fn xlsx(rows: &[&[&str]]) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let date = Format::new().set_num_format("dd/mm/yyyy");
    let time = Format::new().set_num_format("hh:mm");
    for (row, cells) in (0u32..).zip(rows) {
        for (column, cell) in (0u16..).zip(*cells) {
            let written = match cell.strip_prefix('#') {
                Some(value) if value.contains('-') => {
                    let at = ExcelDateTime::parse_from_str(value).expect("a date");
                    sheet.write_datetime_with_format(row, column, &at, &date)
                }
                Some(value) if value.contains(':') => {
                    let at = ExcelDateTime::parse_from_str(value).expect("a time");
                    sheet.write_datetime_with_format(row, column, &at, &time)
                }
                Some(value) => {
                    sheet.write_number(row, column, value.parse::<f64>().expect("a number"))
                }
                None => sheet.write_string(row, column, *cell),
            };
            written.expect("a cell");
        }
    }
    book.save_to_buffer().expect("a workbook")
}

/// An archive of these files.
pub fn archive(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        let how = if *name == "mimetype" {
            CompressionMethod::Stored
        } else {
            CompressionMethod::Deflated
        };
        let options = SimpleFileOptions::default().compression_method(how);
        zip.start_file(*name, options).expect("a file");
        zip.write_all(bytes).expect("its bytes");
    }
    zip.finish().expect("an archive").into_inner()
}

/// An ODS of texts; a cell that begins with `#` is a date.
pub fn ods(rows: &[&[&str]]) -> Vec<u8> {
    let cell = |cell: &&str| match cell.strip_prefix('#') {
        Some(date) => format!(
            "<table:table-cell office:value-type=\"date\" office:date-value=\"{date}\">\
             <text:p>x</text:p></table:table-cell>"
        ),
        None if cell.is_empty() => "<table:table-cell/>".to_owned(),
        None => format!(
            "<table:table-cell office:value-type=\"string\"><text:p>{cell}</text:p></table:table-cell>"
        ),
    };
    let row = |cells: &&[&str]| {
        let cells: String = cells.iter().map(cell).collect();
        format!("<table:table-row>{cells}</table:table-row>")
    };
    let rows: String = rows.iter().map(row).collect();
    let content = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><office:document-content \
         xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" \
         xmlns:table=\"urn:oasis:names:tc:opendocument:xmlns:table:1.0\" \
         xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\"><office:body>\
         <office:spreadsheet><table:table table:name=\"Term\">{rows}</table:table>\
         </office:spreadsheet></office:body></office:document-content>"
    );
    let kind = b"application/vnd.oasis.opendocument.spreadsheet";
    let manifest = b"<?xml version=\"1.0\"?><manifest:manifest \
        xmlns:manifest=\"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0\"></manifest:manifest>";
    archive(&[
        ("mimetype", kind),
        ("META-INF/manifest.xml", manifest),
        ("content.xml", content.as_bytes()),
    ])
}

/// Sends a file to bring in with a form; the status, and where it leads or else the page it shows.
pub async fn upload(
    browser: &Client,
    fields: &[(&str, &str)],
    file: (&str, &[u8]),
) -> (Status, String) {
    upload_to(browser, "/office/import", fields, file).await
}

/// The same to another page.
pub async fn upload_to(
    browser: &Client,
    path: &str,
    fields: &[(&str, &str)],
    (name, bytes): (&str, &[u8]),
) -> (Status, String) {
    let boundary = "xxFILExx";
    let mut body = Vec::new();
    for (field, value) in fields {
        let part = format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"{field}\"\r\n\r\n{value}\r\n"
        );
        body.extend(part.as_bytes());
    }
    let part = format!(
        "--{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
         Content-Type: application/octet-stream\r\n\r\n"
    );
    body.extend(part.as_bytes());
    body.extend(bytes);
    body.extend(format!("\r\n--{boundary}--\r\n").as_bytes());
    let kind = ContentType::new("multipart", "form-data").with_params(("boundary", boundary));
    let answer = browser.post(path.to_owned()).header(kind).body(body).dispatch().await;
    let status = answer.status();
    let there = answer.headers().get_one("Location").map(str::to_owned);
    (status, there.unwrap_or(answer.into_string().await.unwrap_or_default()))
}
